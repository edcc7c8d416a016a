"""What every answer says to the browser, and what is done with requests that no page of ours makes. docs/security.md names these tests."""

from __future__ import annotations

import pytest
from conftest import PASSWORD, served
from rules.visits import FEW, Visit, Visitors, token_of
from rules.world import World

from breachdesk.app import create_app
from breachdesk.casework.desk import Desk
from breachdesk.gate.addresses import ours
from breachdesk.settings import read_settings

STATIC = "/static/govuk-frontend.min.css"


def policy_of(visit: Visit) -> dict[str, list[str]]:
    return {words[0]: words[1:] for part in visit.headers["Content-Security-Policy"].split(";") if (words := part.split())}


def test_every_answer_allows_the_browser_only_our_own_files(visits: list[Visit]) -> None:
    for one in visits:
        policy = policy_of(one)
        if "sandbox" in policy:     # A file that somebody added: it may do nothing at all.
            assert policy == {"default-src": ["'none'"], "sandbox": []}, one
            assert one.headers["Content-Disposition"].startswith("attachment"), one
            continue
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == policy["object-src"] == ["'none'"], one
        assert policy["form-action"] == ["'self'"], one
        sources = {source for words in policy.values() for source in words if not source.startswith("'nonce-")}
        assert sources <= {"'none'", "'self'", "data:"}, one
        assert "data:" not in policy["script-src"], one
        assert "data:" not in policy["style-src"], one


def test_a_number_used_once_is_used_once(visits: list[Visit]) -> None:
    nonces = [source for one in visits for source in policy_of(one).get("script-src", ()) if source.startswith("'nonce-")]

    assert len(set(nonces)) == len(nonces)


def test_every_answer_is_taken_for_what_it_is_and_leaks_no_address(visits: list[Visit]) -> None:
    for one in visits:
        assert one.headers["X-Content-Type-Options"] == "nosniff", one
        assert one.headers["Referrer-Policy"] == "same-origin", one
        assert one.headers["Cross-Origin-Opener-Policy"] == "same-origin", one
        assert "Access-Control-Allow-Origin" not in one.headers, one
        assert "charset=utf-8" in one.headers["Content-Type"] or not one.headers["Content-Type"].startswith("text/"), one


def test_nothing_personal_is_kept_by_a_browser_or_on_the_way(visits: list[Visit]) -> None:
    for one in visits:
        assert "Cookie" in one.headers.get("Vary", ""), one
        assert one.name in ("nobody", "dora") or one.headers.get("Cache-Control") == "no-store", one


ODD = [("GET", "/nowhere", 404), ("POST", "/home", 405), ("PUT", "/home", 405), ("DELETE", "/cases/DD-2026-0001", 405),
       ("PATCH", "/sign-in", 405), ("TRACE", "/", 405), ("NONSENSE", "/", 405), ("POST", "/sign-in", 400), ("GET", STATIC, 200),
       ("GET", "/static/../breachdesk.db", 404), ("GET", "/static/%2e%2e/app.py", 404), ("GET", "/.git/config", 404), ("GET", "/.env", 404)]


@pytest.mark.parametrize("name", ["nobody", "olive"])
@pytest.mark.parametrize(("method", "path", "status"), ODD)
def test_errors_files_and_odd_methods_say_the_same_to_the_browser(visitors: Visitors, name: str, method: str, path: str,
                                                                  status: int) -> None:
    answer = visitors.clients[name].open(path, method=method)

    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Werkzeug" not in answer.headers.get("Server", "")
    assert "Traceback" not in answer.text


def test_what_is_too_large_is_refused_with_the_same_headers(visitors: Visitors) -> None:
    answer = visitors.clients["olive"].post("/sign-in", data={"email": "x" * 1_100_000})

    assert answer.status_code == 413
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_asking_only_for_headers_or_methods_changes_nothing_and_says_nothing_more(visitors: Visitors, world: World) -> None:
    for key in visitors.keys("GET"):
        path = visitors.path(key, "received")
        for name in ("nobody", "omar"):
            head, options = visitors.clients[name].head(path), visitors.clients[name].options(path)
            assert head.text == "", key
            assert head.status_code == visitors.clients[name].get(path).status_code, key
            assert options.status_code in (200, 302, 303, 401, 403, 404, 405), key
            assert not world.leaks(str(head.headers) + options.text, name, world.references["received"]), key


def test_the_host_that_a_request_names_is_not_believed(visitors: Visitors) -> None:
    for path in ("/home", "/", "/sign-in", "/cases/DD-2026-0001"):
        for headers in ({"Host": "elsewhere.example"}, {"X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "gopher"},
                        {"Forwarded": "host=elsewhere.example"}):
            answer = visitors.clients["nobody"].get(path, headers=headers)
            assert "elsewhere.example" not in answer.text + str(answer.headers), (path, headers)


def test_cookies_are_for_this_desk_alone(desk: Desk) -> None:
    secure = create_app(read_settings({"BREACHDESK_DATA_DIR": str(desk.data_path), "BREACHDESK_BASE_URL": "https://desk.example"}), desk)

    plain, safe = (app.test_client().get("/sign-in", base_url=base) for app, base in (
        (served(desk), "http://localhost"), (secure, "https://desk.example")))

    cookies = plain.headers.getlist("Set-Cookie"), safe.headers.getlist("Set-Cookie")
    assert all("HttpOnly" in one and "SameSite=Lax" in one and "Domain" not in one for found in cookies for one in found)
    assert all(one.startswith("__Host-") and "Secure" in one and "Path=/" in one for one in cookies[1])
    assert all(cookies)
    assert safe.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


ELSEWHERE = ["//elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example", "https://elsewhere.example", "https:elsewhere.example",
             "///elsewhere.example", "/\t/elsewhere.example", "javascript:alert(1)", " //elsewhere.example",
             "http:/elsewhere.example", "/\r\nLocation: https://elsewhere.example", "@elsewhere.example", "data:text/html,x"]


@pytest.mark.parametrize("after", ELSEWHERE)
def test_no_address_that_is_handed_in_leads_to_another_site(visitors: Visitors, after: str) -> None:
    assert ours(after) == ""
    for name, path in (("nobody", "/sign-in"), ("ruth", "/confirm")):
        assert f'value="{after}"' not in visitors.clients[name].get(path, query_string={"next": after}).text


def test_signing_in_leads_to_no_other_site_that_a_form_names(own_world: World) -> None:
    client = Visitors(own_world, "nobody").clients["nobody"]

    answer = client.post("/sign-in", data={"next": "https:elsewhere.example", "csrf_token": token_of(client), "email": "ruth@desk.example",
                                           "password": PASSWORD})

    assert answer.status_code in (302, 303)
    assert answer.location.startswith("/")
    assert not answer.location.startswith("//")


def test_a_token_of_somebody_elses_form_changes_nothing(visitors: Visitors) -> None:
    token = token_of(visitors.clients["ruth"])

    for key in visitors.keys("POST"):
        for name in FEW:
            if name != "ruth":
                answer = visitors.clients[name].post(visitors.path(key, "panel"), data={"csrf_token": token})
                assert answer.status_code == 400, (key, name)
