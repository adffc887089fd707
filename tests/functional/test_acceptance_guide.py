"""The guide's screens, as the acceptance table asks for them (rows G and X)."""

import re

import pytest

import instrument
from tests.support.talk import Talk

CONTENT = instrument.load()
CAREER = ("kwaliteiten", "motieven", "werk", "sturing", "netwerken")


@pytest.fixture
def started(talk: Talk) -> Talk:
    talk.start()
    return talk


def screen(talk: Talk, phase: str) -> str:
    """The page of a phase, with the source's quotes as they are."""
    text = talk.get("closing/" if phase == "afronding" else f"guide/{phase}").text
    return text.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")


def group(page: str, key: str) -> str:
    """One group of questions, from its tag to its end."""
    found = re.search(rf'<(section|details) class="lob-group" id="g-{key}"', page)
    assert found, key
    depth = 0
    for tag in re.finditer(rf"<(/?){found[1]}\b", page[found.start() :]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return page[found.start() : found.start() + tag.end()]
    raise AssertionError(key)


def question(page: str, key: str) -> str:
    """One question with its labels."""
    found = re.search(rf'id="q-{key}".*?(?=<div class="lob-question[ "]|</section>)', page, re.S)
    assert found, key
    return found[0]


@pytest.mark.row("X3")
def test_explanations_are_the_mentors_alone(started: Talk) -> None:
    for phase in CONTENT.phases:
        if phase.explanation:
            assert "Toelichting voor de docent" in screen(started, phase.key)
            assert phase.explanation[0].text in screen(started, phase.key)
        path = "closing/" if phase.key == "afronding" else f"guide/{phase.key}"
        assert started.get(path, started.noor).status_code == 403
    for path in ("", "agreements/"):
        assert "oelichting" not in started.get(path, started.noor).text


@pytest.mark.row("X7")
def test_five_rows_show_their_tips_as_tips(started: Talk) -> None:
    rows = 0
    for phase in CONTENT.phases:
        page = screen(started, phase.key)
        shown = re.findall(r'lob-tip__label">Tip</span>\s*<span>([^<]*)</span>', page)
        assert shown == [one.text for one in phase.tips]
        rows += bool(shown)
    assert rows == 5


@pytest.mark.row("X8", "G10")
def test_ten_phases_stand_in_the_sources_order_under_four_steps(started: Talk) -> None:
    page = screen(started, "werk")
    navigation = page[: page.index("<h1")]
    titles = ["Voorbereiding", "Gesprek", "Afronding", "Reflectie"]
    assert [one.title for one in CONTENT.steps] == titles
    links = re.findall(r'href="[^"]*/(?:guide/([a-z]+)|(closing)/)"', navigation)
    order = [guide or "afronding" for guide, _closing in links]
    assert list(dict.fromkeys(order)) == [one.key for one in CONTENT.phases]
    for phase in CONTENT.phases:
        page = screen(started, phase.key)
        assert re.search(rf"<h1>{phase.title}</h1>", page)
        for word in phase.keywords:
            assert word in page


@pytest.mark.row("X2")
def test_any_phase_in_any_order_and_nothing_asked_blocks_nothing(started: Talk) -> None:
    for phase in reversed(CONTENT.phases):
        assert screen(started, phase.key)
    started.do("guide/netwerken", note__netwerken="Eerst dit")
    started.do("guide/ervaring", note__ervaring="Toen dat")
    assert "Eerst dit" in screen(started, "netwerken")
    started.close()


@pytest.mark.row("X4")
def test_an_own_question_stands_in_its_group_next_time(started: Talk) -> None:
    text = "Wat geeft je energie?"
    started.do("guide/kwaliteiten/questions", group="kw-g2", **{"question-kw-g2": text})
    started.close()
    following = started.next()
    following.start()
    shown = group(screen(following, "kwaliteiten"), "kw-g2")
    assert re.search(rf"{re.escape(text)}</p>.*?>eigen<", shown, re.S)
    assert text not in group(screen(following, "kwaliteiten"), "kw-g1")


@pytest.mark.row("X6")
def test_a_remark_returns_with_another_pupil_and_holds_none(started: Talk) -> None:
    started.do("guide/kwaliteiten", private__kwaliteiten="Noor is moe")
    started.do("guide/kwaliteiten/remark", **{"remark.kwaliteiten": "Langer wachten"})
    sem = started.school.pupil("Sem Yilmaz")
    round_id = started.school.round()
    path = f"/conversations/{started.school.conversation(sem, round_id)}/guide"
    started.mentor.do(f"{path}/start")
    page = started.mentor.get(f"{path}/kwaliteiten").text
    assert "Langer wachten</textarea>" in page
    assert "Noor" not in page
    assert "Langer wachten" not in started.mentor.get(f"{path}/motieven").text


@pytest.mark.row("X9")
def test_career_questions_stand_with_their_row_and_its_conclusion(started: Talk) -> None:
    labels = ("WAT (kan ik)?", *(CONTENT.phase_by_key[key].career_question for key in CAREER[1:]))
    for key, label in zip(CAREER, labels, strict=True):
        page = screen(started, key)
        text = label if isinstance(label, str) else label.text if label else ""
        assert text in page
        assert ("(toevoeging)" in page) is (key == "kwaliteiten")
        field = {f"conclusion.{key}": f"Besloten bij {key}"}
        page = started.post(f"guide/{key}", **field).text
        assert f"Besloten bij {key}</textarea>" in page


@pytest.mark.row("G2")
def test_goals_have_an_owner_and_a_missing_side_is_said(started: Talk) -> None:
    page = started.post("guide/goals", goal="Weten of zorg past", owner="pupil").text
    assert "Nog geen doel van: de mentor" in page
    page = started.post("guide/goals", goal="Horen hoe het gaat", owner="teacher").text
    assert "Er mist nog een doel" not in page
    owners = re.findall(r'lob-goals__owner">([^<]*)<', page)
    assert owners == ["Noor", "Mentor"]


@pytest.mark.row("G7")
def test_asking_on_is_one_tap_under_every_question_and_no_ordinary_question(
    started: Talk,
) -> None:
    for phase in ("doel", "ervaring", *CAREER):
        page, questions = screen(started, phase), 0
        for one in CONTENT.phase_by_key[phase].groups:
            if one.kind == "probing":
                continue
            for each in one.questions:
                parts = range(1, len(each.subquestions) + 1)
                for key in [f"{each.key}-{number}" for number in parts] or [each.key]:
                    shown = question(page, key)
                    found = re.search(r'<details class="lob-probe">.*?</details>', shown, re.S)
                    assert found, key
                    for text in (
                        "Doorvragen",
                        "bij een oppervlakkig antwoord",
                        "Wanneer: De antwoorden zijn oppervlakkig of gaan alleen over school.",
                        "Wat vind jij zelf belangrijk?",
                    ):
                        assert text in found[0]
                    assert "lob-question__text" not in found[0]
                    assert f'aria-describedby="q-{key}"' in found[0]
                    questions += 1
        assert page.count('<details class="lob-probe">') == questions
    assert group(screen(started, "doel"), "gd-g2").startswith("<details")


@pytest.mark.row("G7")
def test_asking_on_is_one_tap_under_what_the_pupil_answered(started: Talk) -> None:
    page = started.post("guide/werk/outcomes", kind="named", outcome="Gezellig").text
    found = re.search(r"Gezellig</p>\s*<details class=\"lob-probe\">.*?</details>", page, re.S)
    assert found
    assert "Wat vind jij zelf belangrijk?" in found[0]


@pytest.mark.row("G8")
def test_the_experience_is_at_hand_from_there_on(started: Talk) -> None:
    started.do("guide/experiences", experience="De laatste stagedag", brought_by="pupil")
    for phase in CAREER:
        assert "De laatste stagedag" in screen(started, phase)
    for phase, key in (("kwaliteiten", "kw-g1"), ("motieven", "mo-g1")):
        shown = group(screen(started, phase), key)
        assert "Aan de hand van de ervaring" in shown
        assert "Ervaring: De laatste stagedag" in shown


@pytest.mark.row("G11")
def test_superficial_and_deeper_are_told_apart_in_words(started: Talk) -> None:
    counted = {"superficial": 0, "deeper": 0}
    for phase in CAREER:
        page = screen(started, phase)
        for level, label in (("superficial", "Oppervlakkig"), ("deeper", "Diepgaand")):
            assert f'id="levels-{level}">{label}<' in page
            found = re.search(rf'<ul [^>]*aria-labelledby="levels-{level}">(.*?)</ul>', page, re.S)
            assert found
            counted[level] += found[1].count("<li>")
    assert counted == {"superficial": 8, "deeper": 9}


@pytest.mark.row("G14")
def test_the_compound_question_is_asked_in_parts(started: Talk) -> None:
    page = screen(started, "kwaliteiten")
    parts = {n for n in range(1, 5) if ">doorvragen<" in question(page, f"kw-v01-{n}")}
    assert parts == {1}
    started.do("guide/kwaliteiten/marks/kw-v01-2", asked="1")
    page = screen(started, "kwaliteiten")
    assert ["Gesteld ✓" in question(page, f"kw-v01-{number}") for number in (1, 2)] == [False, True]


@pytest.mark.row("G15", "G27", "G35")
def test_groups_and_questions_stand_in_the_sources_order(started: Talk) -> None:
    for phase in CAREER:
        page, groups = screen(started, phase), CONTENT.phase_by_key[phase].groups
        assert re.findall(r'id="g-([a-z]+-g\d+)"', page) == [one.key for one in groups]
        for one in groups:
            shown = group(page, one.key)
            assert one.title in shown
            keys = re.findall(r'id="q-([a-z]+-v\d+)"', shown)
            assert keys == [each.key for each in one.questions]
    page = screen(started, "werk")
    follow = {n for n in range(1, 7) if ">vervolgvraag<" in question(page, f"we-v0{n}")}
    assert follow == {3, 4, 6}
    page = screen(started, "netwerken")
    for text in ("Ben je populair?", "Hoe reageren anderen op jou?"):
        assert text in page


@pytest.mark.row("G16")
def test_the_fallback_group_waits_folded_with_its_condition(started: Talk) -> None:
    shown = group(screen(started, "kwaliteiten"), "kw-g3")
    assert shown.startswith('<details class="lob-group" id="g-kw-g3">')
    assert "<summary>Indien er geen kwaliteiten naar voren komen</summary>" in shown
    assert "Wanneer: Er komen geen kwaliteiten naar voren." in shown


@pytest.mark.row("G16")
def test_the_fallback_group_is_offered_until_a_quality_was_recorded(started: Talk) -> None:
    def offered(page: str) -> bool:
        link = re.search(r'id="fallback-offer">.*?href="[^"]*#q-kw-v07"', page, re.S)
        words = re.search(r'id="g-kw-g3-offer">In dit gesprek is nog geen kwaliteit', page)
        assert bool(link) == bool(words)
        assert "Indien er geen kwaliteiten naar voren komen" in page
        return bool(link)

    assert offered(screen(started, "kwaliteiten"))
    started.do("guide/kwaliteiten/outcomes", kind="doubt", outcome="Of ik geduld heb")
    started.do("guide/motieven/outcomes", kind="named", outcome="Buiten zijn")
    assert offered(screen(started, "kwaliteiten"))
    page = started.post("guide/kwaliteiten/outcomes", kind="named", outcome="Ik luister goed").text
    assert not offered(page)
    started.close()
    following = started.next()
    following.start()
    assert offered(screen(following, "kwaliteiten"))
    following.close()
    assert not offered(screen(following, "kwaliteiten"))


@pytest.mark.row("G17", "G24")
@pytest.mark.parametrize(
    ("phase", "key", "words"),
    [("kwaliteiten", "kw-g4", "een kwaliteit"), ("motieven", "mo-g2", "een drijfveer/motief")],
)
def test_trying_out_becomes_an_assignment(started: Talk, phase: str, key: str, words: str) -> None:
    shown = group(screen(started, phase), key)
    assert f"of dit {words} van je is?" in shown
    link = re.search(r'href="([^"]*)"[^>]*>\s*Maak hier een opdracht van', shown)
    assert link
    address = link[1].replace("&amp;", "&")
    assert f"of dit {words} van je is?" in started.mentor.get(address).text
    fields = {"party": "pupil", "kind": "assignment", "what": "Mijn tante vragen"}
    page = started.mentor.post(address, fields).text
    assert "Afgesproken: Mijn tante vragen" in " ".join(page.split())
    assert "Opdracht om iets te onderzoeken" in started.get("agreements/").text


@pytest.mark.row("G18", "G25")
@pytest.mark.parametrize("phase", ["kwaliteiten", "motieven"])
def test_what_was_named_is_large_repeated_and_said_again(started: Talk, phase: str) -> None:
    page = started.post(f"guide/{phase}/outcomes", kind="named", outcome="Ik blijf rustig").text
    assert re.search(r'class="[^"]*lob-named"[^>]*>Ik blijf rustig<', page)
    assert "Ik heb het herhaald" in page
    address = re.search(r"/guide/outcomes/\d+", page)
    assert address
    page = started.post(address[0].lstrip("/"), action="repeat").text
    assert ">herhaald<" in page
    closing = screen(started, "afronding")
    assert re.search(r"Ik blijf rustig\s*<[^>]*>herhaald<", closing)


@pytest.mark.row("G19")
def test_a_motive_is_doubted_confirmed_assigned_and_comes_back(started: Talk) -> None:
    page = started.post("guide/motieven/outcomes", kind="doubt", outcome="Of geld telt").text
    number = re.search(r"/guide/outcomes/(\d+)", page)
    assert number
    page = started.post(f"guide/outcomes/{number[1]}", action="confirm").text
    assert "zo gezegd door Noor" in page
    fields = {"party": "pupil", "kind": "assignment", "what": "Oom vragen", "outcome_id": number[1]}
    assert "Of geld telt" in started.post("agreements/new", **fields).text
    started.do("closing/", action="close", **{"reason-teacher": "Niet nodig"})
    following = started.next()
    assert "Of geld telt" in following.get("prepare/").text
    following.start()
    page = screen(following, "motieven")
    for text in ("Vorige keer nog een twijfel", "Of geld telt", "Oom vragen"):
        assert text in page


@pytest.mark.row("G21")
def test_thinking_and_feeling_are_reminded_of_and_never_scored(started: Talk) -> None:
    page = screen(started, "motieven")
    explanation = CONTENT.phase_by_key["motieven"].explanation
    line = next(one.text for one in explanation if "voelen" in one.text)
    assert line in page
    for kind in ("range", "number"):
        assert f'type="{kind}"' not in page


@pytest.mark.row("G23")
def test_ten_questions_about_motives_without_the_internships(started: Talk) -> None:
    page = screen(started, "motieven")
    keys = [f"mo-v{number:02}" for number in range(1, 11)]
    for key in keys:
        assert f'id="q-{key}"' in page
    assert ">stage<" in question(page, "mo-v05")
    fields = {"title": "Najaar", "without_internship": "1"}
    started.mentor.do(f"/rounds/{started.round_id}/edit", fields)
    page = screen(started, "motieven")
    assert [key for key in keys if f'id="q-{key}"' not in page] == ["mo-v05"]


@pytest.mark.row("G33")
def test_sensitive_questions_about_steering_are_marked_and_not_on_the_form(started: Talk) -> None:
    page = screen(started, "sturing")
    for number in range(7, 14):
        shown = question(page, f"ls-v{number:02}")
        assert (">gevoelig<" in shown) is (number in {12, 13})
    edit = started.mentor.get(f"/rounds/{started.round_id}/edit").text
    assert 'value="ls-v' not in edit
