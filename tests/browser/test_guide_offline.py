"""The line breaks in the middle of a conversation: it goes on, says so, and catches up."""

from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import delete, select, update

from lti_tool.models import (
    Conversation,
    Goal,
    LaunchSession,
    Outcome,
    QuestionMark,
    State,
    db,
    now,
)
from tests.browser.conftest import Served
from tests.browser.test_nothing_is_lost import wait_for_drafts
from tests.support.chromium import person
from tests.support.guide_pages import ACTIVITY, MENTOR, begin, go_to


def note_doubt(page: Page, text: str) -> None:
    page.get_by_label("Twijfel", exact=True).check()
    page.get_by_label("In de woorden van Amira").fill(text)
    page.get_by_role("button", name="Noteren").click()


def number_of(served: Served, kind: type[Outcome | Goal | QuestionMark]) -> int:
    with served.app.app_context():
        return len(db.session.scalars(select(kind)).all())


def test_the_guide_goes_on_without_a_line_and_catches_up(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        go_to(page, "kwaliteiten")
        context.set_offline(offline=True)
        unsent = page.locator("#unsent")
        tick = page.locator("#tick-kw-v02")
        tick.click()
        expect(tick).to_have_text("Gesteld ✓")
        expect(page.locator("#guide-status")).to_contain_text("Er is geen verbinding")
        page.get_by_label("Privé-aantekening").fill("Alleen voor mij")
        note_doubt(page, "Of ik geduld heb")
        expect(unsent.get_by_text("Of ik geduld heb")).to_be_visible()
        expect(page.get_by_label("In de woorden van Amira")).to_have_value("")
        page.get_by_role("link", name="Volgende: Reflectie op motieven").click()
        expect(page.locator("#guide-status")).to_contain_text("een andere pagina openen lukt nu")
        note_doubt(page, "Of ik kan leiden")
        expect(unsent.locator("li")).to_have_count(3)
        kept = page.evaluate("JSON.stringify(localStorage)")
        assert "lob-draft" in kept
        assert "geduld" not in kept

        context.set_offline(offline=False)
        expect(page.locator("#guide-status")).to_contain_text("Er is weer verbinding")
        expect(unsent).to_be_hidden()
        outcomes = page.locator("#outcomes")
        expect(outcomes.get_by_text("Of ik geduld heb")).to_be_visible()
        expect(outcomes.get_by_text("Of ik kan leiden")).to_be_visible()
        expect(page.get_by_text("Opgeslagen om")).to_be_visible()
        wait_for_drafts(page, 0)
        page.reload()
        expect(tick).to_have_text("Gesteld ✓")
        expect(page.get_by_label("Privé-aantekening")).to_have_value("Alleen voor mij")
        assert (number_of(served, Outcome), number_of(served, QuestionMark)) == (2, 1)


def test_goals_and_agreements_wait_too(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        go_to(page, "doel")
        context.set_offline(offline=True)
        page.get_by_label("Doel", exact=True).fill("Een opleiding kiezen")
        page.get_by_label("Samen", exact=True).check()
        page.get_by_role("button", name="Doel toevoegen").click()
        expect(page.locator("#unsent").get_by_text("Een opleiding kiezen")).to_be_visible()
        context.set_offline(offline=False)
        expect(page.locator("#goals").get_by_text("Een opleiding kiezen")).to_be_visible()

        go_to(page, "werk")
        page.get_by_role("link", name="Maak een afspraak").click()
        what = page.get_by_label("Wat spreken jullie af?")
        what.fill("Een middag meelopen")
        context.set_offline(offline=True)
        page.get_by_role("button", name="Opslaan").click()
        expect(page.locator("#unsent").get_by_text("Een middag meelopen")).to_be_visible()
        context.set_offline(offline=False)
        expect(page.locator("#outcomes").get_by_text("Een middag meelopen")).to_be_visible()
        assert number_of(served, Goal) == 1


def test_an_answer_that_was_lost_on_the_way_doubles_nothing(
    browser: Browser, served: Served
) -> None:
    with person(browser) as context:
        page = begin(context, served)
        go_to(page, "kwaliteiten")
        lost: list[str] = []

        def lose_first_answer(route: Route) -> None:
            if lost:
                route.continue_()
                return
            lost.append(route.request.url)
            route.fetch(max_redirects=0)
            route.abort("internetdisconnected")

        page.route("**/guide/kwaliteiten/outcomes", lose_first_answer)
        note_doubt(page, "Of ik geduld heb")
        expect(page.locator("#guide-status")).to_contain_text("Er is geen verbinding")
        assert number_of(served, Outcome) == 1
        expect(page.locator("#guide-status")).to_contain_text("Er is weer verbinding")
        expect(page.locator("#outcomes").get_by_text("Of ik geduld heb")).to_be_visible()
        assert number_of(served, Outcome) == 1


def test_what_is_refused_afterwards_stays_in_sight(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        go_to(page, "kwaliteiten")
        context.set_offline(offline=True)
        note_doubt(page, "Of ik geduld heb")
        expect(page.locator("#unsent").get_by_text("Of ik geduld heb")).to_be_visible()
        with served.app.app_context():
            db.session.execute(update(Conversation).values(state=State.CLOSED, closed_at=now()))
            db.session.commit()
        context.set_offline(offline=False)
        refused = page.get_by_text("Niet opgeslagen: Of ik geduld heb")
        expect(refused).to_contain_text("Het gesprek is intussen veranderd")
        page.reload()
        expect(refused).to_be_visible()
        page.get_by_role("button", name="Weggooien").click()
        expect(page.locator("#unsent")).to_be_hidden()
        wait_for_drafts(page, 0)
        assert number_of(served, Outcome) == 0


def test_a_session_that_ended_keeps_what_waits(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        go_to(page, "kwaliteiten")
        context.set_offline(offline=True)
        note_doubt(page, "Of ik geduld heb")
        expect(page.locator("#unsent").get_by_text("Of ik geduld heb")).to_be_visible()
        with served.app.app_context():
            db.session.execute(delete(LaunchSession))
            db.session.commit()
        context.set_offline(offline=False)
        status = page.locator("#guide-status")
        expect(status).to_contain_text("Je sessie is afgelopen")
        expect(status).to_contain_text("Open het loopbaangesprek opnieuw via")
        expect(page.locator("#unsent").get_by_text("Of ik geduld heb")).to_be_visible()
        page.goto(served.open_url(MENTOR, ACTIVITY))
        page.get_by_role("link", name="Verdergaan").click()
        expect(status).to_contain_text("Er is weer verbinding")
        wait_for_drafts(page, 0)
        go_to(page, "kwaliteiten")
        expect(page.locator("#outcomes").get_by_text("Of ik geduld heb")).to_be_visible()
