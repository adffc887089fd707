"""Mail through pages, worker and a real SMTP server: who gets it, what is in it, what fails."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

import instrument
from lti_tool.background import WAITS, do_what_is_due
from lti_tool.demo.run import free_from
from lti_tool.mail.addresses import forget_all
from lti_tool.models import (
    Conversation,
    Enrolment,
    MailState,
    Person,
    Preparation,
    Registration,
    Role,
    Round,
    SchoolWords,
    db,
    now,
)
from lti_tool.models.school import PupilWord, TeacherWord
from tests.lti_tool.mail.conftest import SENDER, Class, give_address, set_mail
from tests.support.mail_sink import Sink
from tests.support.statements import counted
from tests.support.talk import Talk

ANSWER = "Ik wil later iets met dieren doen"
NOOR, DAAN = "noor@leerling.example", "daan@leerling.example"


def prepare(klas: Class, name: str, *, sent: bool) -> None:
    """This pupil filled both questions in."""
    pupil = klas.pupils[name]
    here = klas.school.conversation(pupil, klas.round_id)
    visitor = klas.school.visit(pupil, klas.round_id)
    for slug, key in (("goal", "prep.vb-v01"), ("topic", "prep.vb-v02")):
        visitor.do(f"/conversations/{here}/preparation/{slug}", {key: ANSWER})
    if sent:
        visitor.do(f"/conversations/{here}/preparation/check")


@pytest.mark.row("F1")
def test_both_questions_reach_every_pupil_beforehand(klas: Class, sink: Sink) -> None:
    prepare(klas, "Daan Vos", sent=False)
    asked = [one.spoken for one in instrument.load().form_questions("standard")]
    page = klas.preview()
    assert all(text in page for text in (*asked, "3 maart 2099", "Noor Bakker", "Daan Vos"))
    assert sink.messages == []
    page = klas.send()
    assert "aan 2 leerlingen" in page
    assert "2 mails zijn onderweg" in page
    assert "1 zonder adres" in page
    assert klas.work() == 2
    assert sink.to() == [DAAN, NOOR]
    assert "onderweg" not in klas.round_page()
    for message in sink.messages:
        text = message.get_content()
        assert all(question in text for question in asked)
        assert "3 maart 2099" in text
        assert "https://moodle.school.example/mod/lti/view.php?l=12" in text
        assert ANSWER not in message.as_string()
        assert ANSWER not in text
    for pupil in klas.pupils.values():
        visitor = klas.school.visit(pupil, klas.round_id)
        here = klas.school.conversation(pupil, klas.round_id)
        assert asked[0] in visitor.get(f"/conversations/{here}/preparation/goal").text


def test_a_mail_is_to_one_person_and_cannot_be_answered(klas: Class, sink: Sink) -> None:
    klas.send()
    klas.work()
    for message, (sender, to) in zip(sink.messages, sink.envelopes, strict=True):
        assert message["From"] == SENDER
        assert sender == "lob@school.example"
        assert [message["To"]] == to
        assert message["Reply-To"] is None
        assert message["Auto-Submitted"] == "auto-generated"
        assert message.get_content_type() == "text/plain"
    assert len({message["Message-ID"] for message in sink.messages}) == 2
    assert "Noor" in next(one for one in sink.messages if one["To"] == NOOR).get_content()


def test_a_second_click_sends_nothing(klas: Class, sink: Sink) -> None:
    klas.send()
    page = klas.send()
    assert "Van de leerlingen voor wie deze mail is, kennen we geen adres" in page
    assert klas.work() == 2
    klas.send()
    assert klas.work() == 0
    assert len(sink.messages) == 2


def test_two_clicks_at_the_same_moment_send_once(klas: Class, sink: Sink) -> None:
    both = threading.Barrier(2)

    def click() -> None:
        visitor = klas.school.visit(klas.teacher, klas.round_id)
        both.wait()
        visitor.do(f"{klas.path}/mail/invitation")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(click) for _click in range(2)]:
            done.result()
    klas.work()
    assert sink.to() == [DAAN, NOOR]


def test_a_newcomer_is_invited_alone(klas: Class, sink: Sink) -> None:
    klas.send()
    klas.work()
    give_address(klas.school, klas.pupils["Éva Zwart"], "eva@leerling.example")
    page = klas.preview()
    assert "1 leerling krijgt deze mail" in page
    assert "2 andere leerlingen hebben deze mail al" in page
    assert "aan 3 leerlingen" in klas.send()
    klas.work()
    assert sink.to() == [DAAN, "eva@leerling.example", NOOR]


def test_a_reminder_goes_to_who_has_not_sent_once_a_day(klas: Class, sink: Sink) -> None:
    prepare(klas, "Daan Vos", sent=True)
    page = klas.preview("reminder")
    assert "Noor Bakker" in page
    assert "Daan Vos" not in page
    klas.send("reminder")
    klas.work()
    klas.send("reminder")
    klas.work()
    assert sink.to() == [NOOR]
    with time_machine.travel(now() + timedelta(days=1)):
        klas.mentor = klas.school.visit(klas.teacher, klas.round_id)
        klas.send("reminder")
        klas.work()
    assert sink.to() == [NOOR, NOOR]


@pytest.mark.parametrize(
    "change", ["left", "teacher", "test_user", "sent", "off", "no_address", "disabled"]
)
def test_who_should_not_get_it_gets_none(klas: Class, sink: Sink, change: str) -> None:
    """Before sending, and also when it changed while the mail waited."""
    noor = klas.pupils["Noor Bakker"]
    klas.send()
    if change == "left":
        klas.change(Enrolment, noor, ended_at=now())
    elif change == "teacher":
        klas.change(Enrolment, noor, role=Role.TEACHER)
    elif change == "test_user":
        with klas.school.app.app_context():
            person_id = db.session.get_one(Enrolment, noor).person_id
        klas.change(Person, person_id, test_user=True)
    elif change == "sent":
        prepare(klas, "Noor Bakker", sent=True)
    elif change == "off":
        klas.school.administrator().do("/school-mail/", {"mails": "off"})
    elif change == "disabled":
        klas.change(Registration, klas.school.registration_id, disabled_at=now())
    elif change == "no_address":
        with klas.school.app.app_context():
            forget_all(klas.school.registration_id)
            db.session.commit()
    klas.work()
    assert NOOR not in sink.to()
    assert MailState.DROPPED in {mail.state for mail in klas.mails()}
    if change in {"left", "teacher", "test_user", "sent"}:
        assert sink.to() == [DAAN]
        assert "Noor" not in klas.preview("reminder")


def test_a_server_that_is_down_blocks_no_page_and_is_tried_again(klas: Class, app: Flask) -> None:
    before = app.config["LOB"]
    set_mail(app, f"smtp://127.0.0.1:{free_from(9725)}")
    try:
        with time_machine.travel(now(), tick=False) as clock:
            klas.mentor = klas.school.visit(klas.teacher, klas.round_id)
            assert "2 mails zijn onderweg" in klas.send()
            for wait in WAITS:
                assert klas.work() == 2
                clock.shift(wait)
            assert klas.work() == 2
            assert klas.work() == 0
            klas.mentor = klas.school.visit(klas.teacher, klas.round_id)
            page = klas.round_page()
    finally:
        app.config["LOB"] = before
    assert "2 mails zijn niet aangekomen" in page
    assert "Noor Bakker: De mailserver van de school was te lang niet bereikbaar" in page
    assert {mail.state for mail in klas.mails()} == {MailState.FAILED}


def test_first_refused_for_now_then_taken(klas: Class, sink: Sink) -> None:
    sink.to_recipient = "450 4.2.0 try again later"
    klas.send()
    assert klas.work() == 2
    assert sink.messages == []
    assert "2 mails zijn onderweg" in klas.round_page()
    assert [row.attempts for row in klas.waiting()] == [1, 1]
    sink.to_recipient = "250 OK"
    with time_machine.travel(now() + WAITS[0]):
        assert klas.work() == 2
    assert sink.to() == [DAAN, NOOR]
    assert {mail.state for mail in klas.mails()} == {MailState.SENT}


def test_an_address_that_does_not_exist_is_shown_at_once(klas: Class, sink: Sink) -> None:
    sink.refused = {NOOR}
    klas.send()
    klas.work()
    assert sink.to() == [DAAN]
    assert klas.waiting() == []
    page = klas.round_page()
    assert "1 mail is niet aangekomen" in page
    assert "Noor Bakker: De mailserver neemt dit adres niet aan" in page
    assert NOOR not in page
    sink.refused = set()
    klas.send()
    klas.work()
    assert sink.to() == [DAAN, NOOR]
    assert "niet aangekomen" not in klas.round_page()


def test_a_failure_is_over_when_a_later_mail_arrives_or_none_is_needed(
    klas: Class, sink: Sink
) -> None:
    sink.refused = {NOOR, DAAN}
    klas.send()
    klas.work()
    with time_machine.travel(now() + timedelta(days=1)):
        klas.mentor = klas.school.visit(klas.teacher, klas.round_id)
        klas.send()
        klas.work()
        assert "2 mails zijn niet aangekomen" in klas.round_page()
    sink.refused = {DAAN}
    with time_machine.travel(now() + timedelta(days=2)):
        klas.mentor = klas.school.visit(klas.teacher, klas.round_id)
        klas.send()
        klas.work()
        assert "1 mail is niet aangekomen" in klas.round_page()
    klas.mentor = klas.school.visit(klas.teacher, klas.round_id)
    prepare(klas, "Daan Vos", sent=True)
    assert "niet aangekomen" not in klas.round_page()


def test_a_message_the_server_will_not_have_fails_for_good(klas: Class, sink: Sink) -> None:
    sink.to_message = "554 5.7.1 spam"
    klas.send()
    klas.work()
    assert klas.waiting() == []
    assert "De mailserver van de school weigert onze mail" in klas.round_page()


def test_a_title_puts_nothing_into_the_headers(klas: Class, sink: Sink) -> None:
    title = "Najaar\r\nBcc: iedereen@elders.example\r\n\r\n<b>Hoi</b>"
    klas.change(Round, klas.round_id, title=title, period="\nX-Kwaad: ja")
    klas.send()
    klas.work()
    for message, (_sender, to) in zip(sink.messages, sink.envelopes, strict=True):
        assert message["Bcc"] is None
        assert message["X-Kwaad"] is None
        assert len(to) == 1
        assert "Bcc: iedereen@elders.example" in message["Subject"]


def test_agreements_are_counted_and_never_told(talk: Talk, sink: Sink) -> None:
    school = talk.school
    give_address(school, talk.pupil_id, NOOR)
    with school.app.app_context():
        db.session.get_one(Registration, school.registration_id).mails = True
        db.session.commit()
    path = f"/rounds/{talk.round_id}/mail/agreements"
    assert "Er is nog geen gesprek afgesloten" in talk.mentor.get(path).text
    talk.start()
    talk.do(
        "agreements/new",
        party="pupil",
        kind="action",
        what="Meelopen op een kinderboerderij",
        due_on="2099-03-10",
    )
    talk.agree("teacher", "Een adres opzoeken")
    talk.close()
    closed = talk.get("").text
    assert f"{path}?pupil={talk.pupil_id}" in closed
    page = talk.mentor.get(f"{path}?pupil={talk.pupil_id}").text
    assert "2 afspraken" in page
    assert "10 maart 2099" in page
    assert "kinderboerderij" not in page
    talk.mentor.do(path, {"pupil": talk.pupil_id})
    talk.mentor.do(path)
    with school.app.app_context():
        do_what_is_due()
    (message,) = sink.messages
    text = message.get_content()
    assert "2 afspraken" in text
    assert "10 maart 2099" in text
    assert "kinderboerderij" not in text
    assert "adres opzoeken" not in text
    assert "Bericht over afspraken" in talk.mentor.get(f"/rounds/{talk.round_id}").text


def test_another_school_keeps_its_own_words(klas: Class, sink: Sink) -> None:
    with klas.school.app.app_context():
        db.session.add(
            SchoolWords(
                registration_id=klas.school.registration_id,
                pupil=PupilWord.STUDENT,
                teacher=TeacherWord.SLBER,
            )
        )
        db.session.commit()
    klas.send()
    klas.work()
    assert "je slb'er, Miriam de Wit" in sink.messages[0].get_content()


def test_a_class_of_thirty_asks_as_many_statements_as_one_of_three(klas: Class, sink: Sink) -> None:
    klas.preview()
    with counted(klas.school.app) as few:
        klas.preview()
    for number in range(27):
        pupil = klas.school.pupil(f"Leerling Nummer{number}")
        give_address(klas.school, pupil, f"p{number}@leerling.example")
        with klas.school.app.app_context():
            db.session.add(
                Conversation(pupil_id=pupil, round_id=klas.round_id, instrument_version="1")
            )
            db.session.commit()
    with counted(klas.school.app) as many:
        assert "29 leerlingen krijgen deze mail" in klas.preview()
    assert len(many) == len(few)
    klas.send()
    with counted(klas.school.app) as after:
        assert "29 mails zijn onderweg" in klas.round_page()
    with counted(klas.school.app) as again:
        klas.round_page()
    assert len(after) == len(again)


def test_unknown_mail_is_no_page(klas: Class) -> None:
    assert klas.mentor.get(f"{klas.path}/mail/spam").status_code == 404
    assert klas.mentor.post(f"{klas.path}/mail/spam").status_code == 404
    assert klas.mentor.post(f"{klas.path}/mail/addresses", {"kind": "x"}).status_code == 404
    assert klas.mentor.get(f"{klas.path}/mail/invitation?pupil=x").status_code == 200
    with klas.school.app.app_context():
        assert db.session.query(Preparation).count() == 0
