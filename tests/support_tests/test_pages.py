"""The page checker finds what it says it finds."""

import pytest

from tests.support.pages import digest_of, faults_of

POLICY = "script-src 'nonce-abc'"
GOOD = """<!DOCTYPE html>
<html lang="nl"><head><title>Doel · Loopbaangesprek</title>
<script src="/static/app.js" nonce="abc"></script></head>
<body><h1>Doel</h1><h2>Vragen</h2>
<form method="post" action="/s/1/goal"><input type="hidden" name="csrf_token" value="x">
<label for="goal">Doel</label><textarea id="goal" name="goal"></textarea>
<button>Opslaan</button></form><a href="#goal">Naar het doel</a></body></html>"""


def test_a_good_page_has_no_faults() -> None:
    assert faults_of(GOOD, POLICY) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("<h1>Doel</h1>", "<h1>Doel</p></h1>", "not valid HTML"),
        (' lang="nl"', "", "no lang"),
        ("<h1>Doel</h1>", "", "h1: []"),
        ("<h1>Doel</h1>", "<h1>Doel</h1><h1>Nog een</h1>", "h1: ['Doel', 'Nog een']"),
        ("<h1>Doel</h1>", "<h1>Iets anders</h1>", "title"),
        ("<h2>Vragen</h2>", '<div id="error-summary">Fout</div>', "title"),
        ("<h2>Vragen</h2>", "<h3>Vragen</h3>", "h3 after h1"),
        ("<h2>Vragen</h2>", '<h2 id="goal">Vragen</h2>', "id twice: goal"),
        ('href="#goal"', 'href="#nowhere"', "no #nowhere"),
        ('for="goal"', 'for="other"', "no label: goal"),
        ("Opslaan", "", "no words: button"),
        ("<h2>Vragen</h2>", '<img src="/static/x.png">', "no alt"),
        ('name="csrf_token"', 'name="token"', "no token"),
        ("<button>", '<button name="some-choice" value="1">', "wrong about some-choice"),
        ("<button>", '<input type="hidden" name="number"><button>', "wrong about number"),
        ('name="goal"', 'name="action"', "wrong about action"),
        ("/s/1/goal", "https://elsewhere.example/", "a form to elsewhere"),
        ('method="post"', 'method="get"', "no post"),
        ("<h2>", '<h2 style="color: red">', "inline: style"),
        ("<h2>", '<h2 onclick="x()">', "inline: onclick"),
        ('nonce="abc"', 'nonce="abd"', "a script the policy does not know"),
        ("/static/app.js", "https://cdn.example/app.js", "fetched from elsewhere"),
    ],
)
def test_a_fault_is_found(good: str, bad: str, fault: str) -> None:
    assert good in GOOD
    assert any(fault in one for one in faults_of(GOOD.replace(good, bad, 1), POLICY))


ANSWER = """<form method="post" action="https://lms.example/back?x=1" data-post-itself>
<input type="hidden" name="JWT" value="x"><button>Verder</button></form>"""


def test_an_answer_to_the_lms_goes_only_where_the_policy_says() -> None:
    page = GOOD.replace("<h2>", f"{ANSWER}<h2>", 1)
    allowed = f"{POLICY}; form-action 'self' https://lms.example; base-uri 'none'"
    assert faults_of(page, allowed) == []
    elsewhere = page.replace("lms.example", "elsewhere.example")
    assert any("the policy does not know" in one for one in faults_of(elsewhere, allowed))
    with_token = page.replace('name="JWT"', 'name="csrf_token"')
    assert any("an answer with" in one for one in faults_of(with_token, allowed))


def test_only_pages_that_differ_in_nothing_but_random_names_are_the_same() -> None:
    nonces = ["aB3_x-9kLmNpQrStUvWxYz", "zY9_w-8kLmNpQrStUvWxAb"]
    first, second = (GOOD.replace("abc", nonce) for nonce in nonces)
    policies = [POLICY.replace("abc", nonce) for nonce in nonces]
    assert digest_of(first, policies[0]) == digest_of(second, policies[1])
    assert digest_of(first, policies[0]) != digest_of(second, policies[0])
    assert digest_of(first, policies[0]) != digest_of(first.replace("Doel", "Dool"), policies[0])
