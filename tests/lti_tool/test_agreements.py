"""Agreements: small, owned by somebody, open until people settle them."""

import re

import pytest

from lti_tool.agreement_form import MOST_STEPS
from lti_tool.models import Agreement, Outcome, Settled, db, now
from tests.support.talk import Talk


@pytest.fixture
def agreement(talk: Talk) -> Agreement:
    talk.start()
    talk.do(
        "agreements/new",
        party="pupil",
        kind="evidence",
        what="Een verslag maken",
        due_on="2027-03-01",
        done_when="Het verslag is af",
        evidence_wanted="1",
        steps="Kiezen\nSchrijven\n\nKiezen",
    )
    made = talk.rows(Agreement)[0]
    assert isinstance(made, Agreement)
    return made


def chosen(page: str, name: str) -> str:
    """The value that a select shows."""
    (found,) = [one for one in re.findall(r"<select.*?</select>", page, re.DOTALL) if name in one]
    shown = re.search(r'value="([^"]*)"\s+selected', found)
    return shown[1] if shown else ""


def test_a_pupil_who_changes_a_word_leaves_a_sort_that_only_teachers_make(talk: Talk) -> None:
    talk.start()
    talk.do("agreements/new", party="pupil", kind="look_up", what="De toelatingseisen")
    (made,) = talk.rows(Agreement)
    page = talk.get(f"agreements/{made.id}", talk.noor)
    assert chosen(page.text, 'name="kind"') == "look_up"


def test_what_an_agreement_builds_on_stays_when_that_was_settled_since(talk: Talk) -> None:
    talk.start()
    talk.do("guide/kwaliteiten/outcomes", kind="doubt", outcome="Of ik geduldig ben")
    (doubt,) = talk.rows(Outcome)
    talk.close()
    later = talk.next()
    later.start()
    fields = {"party": "pupil", "kind": "action", "what": "Vragen"}
    later.do("agreements/new", **fields, outcome_id=doubt.id)
    (made,) = later.rows(Agreement)
    with talk.school.app.app_context():
        settled = db.session.get_one(Outcome, doubt.id)
        settled.settled, settled.settled_at = Settled.DONE, now()
        db.session.commit()
    page = later.get(f"agreements/{made.id}")
    assert chosen(page.text, 'name="outcome_id"') == str(doubt.id)
    fields |= {"what": "Vragen aan oma", **later.form_of(made.id)}
    later.do(f"agreements/{made.id}", **fields, outcome_id=doubt.id)
    (made,) = later.rows(Agreement)
    assert (made.what, made.outcome_id) == ("Vragen aan oma", doubt.id)


@pytest.mark.row("G28")
def test_a_pupil_writes_an_own_agreement(talk: Talk) -> None:
    talk.start()
    page = talk.get("agreements/new", talk.noor)
    assert "Wie doet dit?" not in page.text
    page = talk.post("agreements/new", talk.noor, party="teacher", kind="action", what="Bellen")
    assert "Bellen" in page.text
    assert [one.party for one in talk.rows(Agreement)] == ["pupil"]


def test_every_field_stands_on_the_list(talk: Talk, agreement: Agreement) -> None:
    page = talk.get("agreements/", talk.noor)
    for text in ("Een verslag maken", "1 maart 2027", "Het verslag is af", "Kiezen", "Schrijven"):
        assert text in page.text
    assert [step.text for step in agreement.steps] == ["Kiezen", "Schrijven"]


def test_a_step_keeps_its_tick_when_the_steps_change(talk: Talk, agreement: Agreement) -> None:
    step = agreement.steps[0]
    path = f"agreements/{agreement.id}/steps/{step.id}"
    for _twice in range(2):
        assert "gedaan" in talk.post(path, talk.noor, done="1").text
    changed = {"party": "pupil", "what": "Anders", "steps": "Nieuw\nKiezen"}
    talk.do(f"agreements/{agreement.id}", **changed, **talk.form_of(agreement.id))
    after = talk.rows(Agreement)[0]
    assert [(one.text, one.done_at is not None) for one in after.steps] == [
        ("Kiezen", True),
        ("Nieuw", False),
    ]
    talk.do(path, talk.noor)
    assert talk.rows(Agreement)[0].steps[0].done_at is None


@pytest.mark.row("G30")
def test_evidence_comes_back_next_time(talk: Talk, agreement: Agreement) -> None:
    talk.close()
    talk.do(f"agreements/{agreement.id}/settle", talk.noor, evidence="Zie mijn map")
    page = talk.next().get("prepare/")
    assert "Een verslag maken" in page.text
    assert "Zie mijn map" in page.text


@pytest.mark.row("V8")
@pytest.mark.parametrize(
    ("settled", "words"),
    [("done", "Gedaan"), ("not_done", "Niet gedaan"), ("dropped", "Vervallen")],
)
def test_settling_says_how_and_by_whom(
    talk: Talk, agreement: Agreement, settled: str, words: str
) -> None:
    page = talk.post(f"agreements/{agreement.id}/settle", talk.noor, settled=settled)
    assert words in page.text
    row = talk.rows(Agreement)[0]
    assert (row.settled, row.settled_by_id) == (settled, talk.pupil_id)
    talk.do(f"agreements/{agreement.id}/settle", talk.noor, settled="open")
    assert talk.rows(Agreement)[0].settled is None


@pytest.mark.row("V8")
def test_open_agreements_stay_until_somebody_settles_them(talk: Talk, agreement: Agreement) -> None:
    talk.close()
    second = talk.next()
    second.start()
    second.close()
    third = second.next()
    assert "Een verslag maken" in third.get("prepare/").text
    assert "Een verslag maken" in third.get("preparation/look-back", third.noor).text
    third.do(f"agreements/{agreement.id}/settle", settled="dropped")
    assert "Een verslag maken" not in third.get("preparation/look-back", third.noor).text


def test_a_pupil_settles_nothing_of_others(talk: Talk) -> None:
    talk.start()
    talk.agree("teacher", "De stage bellen")
    made = talk.rows(Agreement)[0]
    for path in (f"agreements/{made.id}", f"agreements/{made.id}/settle"):
        assert talk.post(path, talk.noor, settled="done", what="x").status_code == 404
    assert talk.rows(Agreement)[0].settled is None


def test_another_pupils_agreement_is_not_there(talk: Talk, agreement: Agreement) -> None:
    other = talk.school.pupil("Sem Yilmaz")
    round_id = talk.school.round()
    conversation = talk.school.conversation(other, round_id)
    sem = talk.school.visit(other, round_id)
    path = f"/conversations/{conversation}/agreements/{agreement.id}/settle"
    assert sem.post(path, {"settled": "done"}).status_code == 404
    assert talk.mentor.post(path, {"settled": "done"}).status_code == 404


@pytest.mark.row("A1", "A3")
def test_an_assignment_from_a_doubt_is_linked_to_it(talk: Talk) -> None:
    talk.start()
    talk.do("guide/kwaliteiten/outcomes", kind="doubt", outcome="Of ik geduldig ben")
    doubt = talk.rows(Outcome)[0]
    page = talk.get(f"agreements/new?kind=assignment&outcome={doubt.id}&phase=kwaliteiten")
    assert "Of ik geduldig ben" in page.text
    talk.do("agreements/new", party="pupil", kind="assignment", what="Vragen", outcome_id=doubt.id)
    assert talk.rows(Agreement)[0].outcome_id == doubt.id
    assert "Hoort bij" in talk.get("agreements/", talk.noor).text
    assert "Of ik geduldig ben" in talk.get("agreements/", talk.noor).text


@pytest.mark.parametrize(
    ("phase", "question"),
    [("kwaliteiten", "of dit een kwaliteit van je is"), ("werk", "")],
)
def test_an_assignment_starts_from_the_sources_question(
    talk: Talk, phase: str, question: str
) -> None:
    talk.start()
    page = talk.get(f"agreements/new?kind=assignment&phase={phase}").text
    assert ("Met wie zou je kunnen overleggen" in page) is bool(question)
    assert question in page


def test_an_agreement_outlives_the_outcome_it_was_built_on(talk: Talk) -> None:
    talk.start()
    talk.do("guide/kwaliteiten/outcomes", kind="doubt", outcome="Of ik geduldig ben")
    doubt = talk.rows(Outcome)[0]
    talk.do("agreements/new", party="pupil", kind="action", what="Vragen", outcome_id=doubt.id)
    assert talk.post(f"guide/outcomes/{doubt.id}", action="remove").status_code == 200
    assert talk.rows(Outcome) == []
    assert [(one.what, one.outcome_id) for one in talk.rows(Agreement)] == [("Vragen", None)]


@pytest.mark.row("A3")
def test_an_agreement_builds_on_the_pupils_own_question(talk: Talk) -> None:
    talk.start()
    assert "Eigen vraag:" not in talk.get("agreements/new").text
    talk.do("guide/sturing", **{"own-question.text": "Moet ik verhuizen?"})
    assert "Eigen vraag: Moet ik verhuizen?" in talk.get("agreements/new", talk.noor).text
    talk.do("agreements/new", talk.noor, kind="action", what="Bellen", outcome_id="own-question")
    made = talk.rows(Agreement)[0]
    assert (made.on_own_question, made.outcome_id) == (True, None)
    assert "de eigen vraag van de leerling" in talk.get("agreements/").text
    page = talk.get(f"agreements/{made.id}").text
    assert '<option value="own-question" selected>' in page


def test_settling_from_an_old_page_keeps_the_evidence_written_since(
    talk: Talk, agreement: Agreement
) -> None:
    path = f"agreements/{agreement.id}/settle"
    talk.do(path, talk.noor, evidence="Zie mijn map", evidence_seen="")
    talk.do(path, settled="done", evidence="", evidence_seen="")
    row = talk.rows(Agreement)[0]
    assert (row.evidence, row.settled) == ("Zie mijn map", "done")
    talk.do(path, evidence="Ook gezien op stage", evidence_seen="")
    assert talk.rows(Agreement)[0].evidence == "Zie mijn map\nOok gezien op stage"
    talk.do(path, talk.noor, evidence="", evidence_seen=talk.rows(Agreement)[0].evidence)
    assert talk.rows(Agreement)[0].evidence == ""


def test_evidence_that_is_too_long_says_so_and_comes_back(talk: Talk, agreement: Agreement) -> None:
    long = "Veel te veel woorden. " * 1000
    path = f"agreements/{agreement.id}/settle"
    page = talk.post(path, talk.noor, evidence=long, settled="done", back="mine")
    assert page.status_code == 422
    assert "Je tekst is te lang" in page.text
    assert long in page.text
    assert "Dit staat er nu" not in page.text
    assert '/mine"' in page.text
    row = talk.rows(Agreement)[0]
    assert (row.evidence, row.settled) == ("", None)


def test_evidence_of_two_people_that_does_not_fit_together_comes_back(
    talk: Talk, agreement: Agreement
) -> None:
    path = f"agreements/{agreement.id}/settle"
    theirs, mine = "m" * 15_000, "n" * 15_000
    talk.do(path, evidence=theirs, evidence_seen="")
    page = talk.post(path, talk.noor, evidence=mine, evidence_seen="", settled="done")
    assert page.status_code == 422
    assert "Hieronder staan beide teksten" in page.text
    assert "Dit staat er nu:" in page.text
    assert mine in page.text
    assert f'name="evidence_seen" value="{theirs}"' in page.text
    assert re.search(r'type="hidden"\s+name="settled"\s+value="done"', page.text)
    row = talk.rows(Agreement)[0]
    assert (row.evidence, row.settled) == (theirs, None)
    talk.do(path, talk.noor, evidence="Samen", evidence_seen=theirs, settled="done")
    row = talk.rows(Agreement)[0]
    assert (row.evidence, row.settled) == ("Samen", "done")


def test_evidence_that_grew_too_long_before_does_not_keep_it_open(
    talk: Talk, agreement: Agreement
) -> None:
    grown = "m" * 15_000 + "\n" + "n" * 15_000
    with talk.school.app.app_context():
        db.session.get_one(Agreement, agreement.id).evidence = grown
        db.session.commit()
    path = f"agreements/{agreement.id}/settle"
    talk.do(path, talk.noor, evidence=grown, evidence_seen=grown, settled="done")
    row = talk.rows(Agreement)[0]
    assert (row.evidence, row.settled) == (grown, "done")


def test_what_now_of_a_motive_becomes_an_agreement(talk: Talk) -> None:
    talk.start()
    talk.do("guide/motieven", motive__next="Een dag meelopen in de zorg")
    page = talk.get("agreements/new?kind=action&phase=motieven")
    assert "Een dag meelopen in de zorg</textarea>" in page.text


def test_a_long_agreement_is_nudged_not_blocked(talk: Talk) -> None:
    talk.start()
    talk.agree("pupil", "Eerst dit en dan dat. " * 12)
    assert "Kleine afspraken werken het best" in talk.get("agreements/").text


def test_an_agreement_needs_words_and_a_readable_date(talk: Talk) -> None:
    talk.start()
    page = talk.post("agreements/new", party="pupil", due_on="gisteren", why="Daarom")
    assert page.status_code == 422
    assert "Schrijf op wat jullie afspreken" in page.text
    assert "Vul een datum in" in page.text
    assert "Daarom" in page.text
    assert talk.rows(Agreement) == []


def test_more_steps_than_anybody_takes_are_refused(talk: Talk, agreement: Agreement) -> None:
    many = "\n".join(f"Stap nummer {number}" for number in range(MOST_STEPS + 1))
    for path in ("agreements/new", f"agreements/{agreement.id}"):
        page = talk.post(path, talk.noor, kind="action", what="Veel doen", steps=many)
        assert page.status_code == 422
        assert "Schrijf hoogstens 20 stappen op" in page.text
        assert many in page.text
    (row,) = talk.rows(Agreement)
    assert [step.text for step in row.steps] == ["Kiezen", "Schrijven"]
    fits = many.rpartition("\n")[0]
    talk.do("agreements/new", kind="action", party="pupil", what="Net", steps=fits)
    assert len(talk.rows(Agreement)[1].steps) == MOST_STEPS


def test_a_day_that_has_passed_is_pointed_out_while_one_can_still_change_it(talk: Talk) -> None:
    note = "Let op: deze datum is al voorbij."
    talk.start()
    talk.agree()
    fields = {"party": "pupil", "kind": "action", "due_on": "2099-01-01"}
    talk.do("agreements/new", what="Later", **fields)
    pages = ("agreements/", "closing/")
    assert not any(note in talk.get(page).text for page in pages)
    talk.do("agreements/new", what="Vroeger", **fields | {"due_on": "2020-01-01"})
    assert [talk.get(page).text.count(note) for page in pages] == [1, 1]
    assert note in talk.get("agreements/", talk.noor).text
    talk.do("closing/", action="close", **{"reason-teacher": "Niet nodig"})
    assert note not in talk.get("agreements/", talk.noor).text


def test_taking_one_away(talk: Talk, agreement: Agreement) -> None:
    seen = talk.form_of(agreement.id)
    page = talk.post(f"agreements/{agreement.id}", action="remove", **seen)
    assert "Nog geen afspraken" in page.text


def test_a_form_from_before_a_change_shows_what_stands_there_now(
    talk: Talk, agreement: Agreement
) -> None:
    path = f"agreements/{agreement.id}"
    filled = {"kind": "evidence", "what": "Een verslag maken", "evidence_wanted": "1"}
    before = talk.form_of(agreement.id)
    mine = {**filled, "how": "Noor schreef dit", "steps": "Schrijven", "due_on": "2027-03-01"}
    talk.do(path, talk.noor, **mine, **talk.form_of(agreement.id, talk.noor))
    theirs = {**filled, "party": "pupil", "due_on": "2027-04-01", "why": "Voor later"}
    page = talk.post(path, **theirs, **before)
    assert page.status_code == 422
    assert "Deze afspraak is intussen ergens anders veranderd" in page.text
    assert page.text.count("Dit staat er nu:") == 4
    for text in ("1 maart 2027", "Noor schreef dit", "Schrijven", "–"):
        assert f'<p class="lob-written">{text}</p>' in page.text
    for text in ("2027-04-01", "Voor later"):
        assert f'value="{text}"' in page.text
    row = talk.rows(Agreement)[0]
    assert (row.how, row.why, str(row.due_on)) == ("Noor schreef dit", "", "2027-03-01")
    now = re.search(r'name="revision" value="(\w+)"', page.text)
    assert now
    talk.do(path, **{**theirs, "how": "Noor schreef dit"}, revision=now[1])
    row = talk.rows(Agreement)[0]
    assert (row.how, row.why, str(row.due_on)) == ("Noor schreef dit", "Voor later", "2027-04-01")


def test_a_changed_agreement_that_is_sent_again_stands_already(
    talk: Talk, agreement: Agreement
) -> None:
    changed = {"party": "pupil", "kind": "action", "what": "Bellen", "steps": "Nieuw\nKiezen"}
    seen = talk.form_of(agreement.id)
    for _twice in range(2):
        talk.do(f"agreements/{agreement.id}", **changed, **seen, again="1")
    assert talk.rows(Agreement)[0].what == "Bellen"


def test_nobody_takes_away_what_they_did_not_see(talk: Talk, agreement: Agreement) -> None:
    path = f"agreements/{agreement.id}"
    before = talk.form_of(agreement.id)
    talk.do(path, talk.noor, what="Anders", **talk.form_of(agreement.id, talk.noor))
    page = talk.post(path, party="pupil", what="Een verslag maken", action="remove", **before)
    assert page.status_code == 422
    assert '<p class="lob-written">Anders</p>' in page.text
    assert [one.what for one in talk.rows(Agreement)] == ["Anders"]


def test_after_closing_an_agreement_is_settled_not_rewritten(
    talk: Talk, agreement: Agreement
) -> None:
    talk.close()
    assert talk.get(f"agreements/{agreement.id}").status_code == 409
    assert talk.post(f"agreements/{agreement.id}", what="Anders").status_code == 409
    assert talk.get("agreements/new").status_code == 409


@pytest.mark.parametrize(
    ("made_at", "leads_to"),
    [
        ("?phase=kwaliteiten", "guide/kwaliteiten#outcomes"),
        ("?phase=werk&q=we-v01", "guide/werk?q=we-v01#outcomes"),
        ("?phase=afronding", "closing/#agreements"),
        ("", "agreements/"),
        ("?phase=//elsewhere.example", "agreements/"),
    ],
)
def test_a_new_agreement_leads_back_to_where_it_was_made(
    talk: Talk, made_at: str, leads_to: str
) -> None:
    talk.start()
    path = f"agreements/new{made_at}"
    there = f"/conversations/{talk.id}/{leads_to}"
    assert f'{there}">Terug</a>' in talk.get(path).text
    refused = talk.post(path, party="pupil", kind="action", what="")
    assert refused.status_code == 422
    assert f'data-then="{talk.mentor.root}{there}"' in refused.text
    path = f"/conversations/{talk.id}/{path}"
    fields = {"party": "pupil", "kind": "action", "what": "Bellen"}
    answer = talk.mentor.post(path, fields, follow_redirects=False)
    assert answer.location == talk.mentor.root + there


def test_a_pupils_agreement_never_leads_into_the_guide(talk: Talk) -> None:
    talk.start()
    page = talk.post("agreements/new?phase=werk", talk.noor, kind="action", what="Bellen")
    assert page.status_code == 200
    assert page.request.path.endswith("/agreements/")


def test_a_doubt_with_an_assignment_shows_it_and_offers_no_other(talk: Talk) -> None:
    talk.start()
    talk.do("guide/kwaliteiten/outcomes", kind="doubt", outcome="Of ik geduldig ben")
    doubt = talk.rows(Outcome)[0]
    offer = f"kind=assignment&amp;outcome={doubt.id}"
    pages = ("guide/kwaliteiten", "closing/")
    assert all(offer in talk.get(page).text for page in pages)
    fields = {"party": "pupil", "what": "Vragen", "outcome_id": doubt.id}
    talk.do("agreements/new", kind="action", **fields)
    assert all(offer in talk.get(page).text for page in pages)
    talk.do("agreements/new", kind="assignment", **fields | {"what": "Oma bellen"})
    for page in pages:
        text = talk.get(page).text
        assert offer not in text
        assert "<strong>Opdracht:</strong> Oma bellen" in text


def test_an_assignment_that_is_not_the_pupils_to_read_stays_off_their_screen(talk: Talk) -> None:
    talk.start()
    talk.do("guide/kwaliteiten/outcomes", kind="doubt", outcome="Of ik geduldig ben")
    doubt = talk.rows(Outcome)[0]
    fields = {"party": "workplace", "kind": "assignment", "outcome_id": doubt.id}
    talk.do("agreements/new", what="Op stage vragen", **fields)
    assert "Op stage vragen" in talk.get("guide/kwaliteiten").text
    talk.do("guide/chair", chair="pupil")
    assert "Op stage vragen" not in talk.get("guide/kwaliteiten").text
