"""What strangers and colleagues may try on each page, form and id of the desk. Each test dies without its guard."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest

from services.dashboard.domain.facts import Fact, fact_id, moment_of
from services.dashboard.domain.roles import Role
from services.dashboard.domain.saved_view import SavedView
from services.dashboard.ports.live import NoteDraft
from tests.desk.desk import Desk
from tests.desk.stops import Sent, Stop
from tests.desk.test_pages import STOPS
from tests.plain_http import a_client
from tests.services.dashboard.builders import (
    BY_DESK,
    CONTACT,
    COVER,
    REQUEST,
    a_correction,
    a_note,
    a_referral,
    a_release,
    a_request,
    an_approval_asked,
    an_offer,
)
from tests.services.dashboard.entrypoints.test_access import FROM_ROLE, NAMES, OPEN
from tests.services.dashboard.fakes import FROM_OWN_PAGE

HOSTILE: Final = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7777*7777 }}"
"""Whoever puts it out as it is has lost. The end would be a number in a template that is made of it."""
_FOREIGN: Final = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
_NOT_TYPED: Final = {"hidden", "submit", "radio", "checkbox"}
CHANGING: Final = sorted(route for route in OPEN | set(FROM_ROLE) if not route.startswith("GET "))


@dataclass
class Form:
    """What a page offers to be sent."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page that change something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the one that is open."""
        known = {name: value or "" for name, value in attrs}
        name = known.get("name", "")
        if tag == "form":
            self._is_inside = known.get("method", "get") == "post"
            if self._is_inside:
                self.found.append(Form(known.get("action", "")))
        elif self._is_inside and name and tag in {"input", "textarea", "select", "button"}:
            self.found[-1].fields.setdefault(name, known.get("value", ""))
            if tag == "textarea" or (tag == "input" and known.get("type", "text") not in _NOT_TYPED):
                self.found[-1].typed.append(name)

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        self._is_inside = self._is_inside and tag != "form"


def forms_of(page: str) -> list[Form]:
    parser = Forms()
    parser.feed(page)
    return parser.found


@contextmanager
def a_browser_at(desk: Desk, stop: Stop) -> Iterator[tuple[httpx.Client, httpx.Response]]:
    """A browser that shows *stop*, and what it was shown."""
    desk.begin()
    wanted = stop.prepare(desk)
    if stop.who and not desk.cookies:
        desk.log_in(stop.who)
    with staff_of(desk) as browser:
        if isinstance(wanted, Sent):
            yield browser, browser.post(wanted.path, data=dict(wanted.fields))
        else:
            yield browser, browser.get(wanted, follow_redirects=True)


def staff_of(desk: Desk, headers: Mapping[str, str] = FROM_OWN_PAGE) -> httpx.Client:
    """The browser of who is logged in."""
    return a_client(desk.url, headers=headers, cookies=desk.cookies, timeout=20)


def hostile_contact() -> Fact:
    """A request in which every field that customers type is hostile."""
    contact: dict[str, Any] = dict.fromkeys(CONTACT, HOSTILE)
    answers: dict[str, Any] = {**COVER, "incidents": "yes", "incidents_note": HOSTILE, "turnover": HOSTILE}
    typed = {"phone": HOSTILE, "turnover": HOSTILE}
    return a_request(answers=answers, typed=typed, suspicions=(HOSTILE,), brochure="post", **contact)


def is_harmless(page: str) -> bool:
    """Nothing of what was typed has become a part of the page."""
    return "<script>alert" not in page and "<img src=x" not in page and "\"'>" not in page and "60481729" not in page


@pytest.mark.parametrize("path", ["/", f"/cases/{REQUEST}", f"/?q={quote(HOSTILE)}", f"/bulk?q={quote(HOSTILE)}"])
def test_what_somebody_types_as_a_customer_or_into_an_address_stays_text(desk: Desk, path: str) -> None:
    desk.begin()
    desk.know(hostile_contact(), a_referral())
    desk.log_in()

    with staff_of(desk) as browser:
        page = browser.get(path).text

    assert HOSTILE in unescape(page)
    assert is_harmless(page)


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_what_staff_type_into_any_field_of_any_form_stays_text(desk: Desk, stop: Stop) -> None:
    with a_browser_at(desk, stop) as (browser, page):
        pages = [page.text]
        for form in forms_of(page.text):
            fields = form.fields | dict.fromkeys(form.typed, HOSTILE)
            answer = browser.post(form.action or page.url.path, data=fields, follow_redirects=True)
            pages += [answer.text, browser.get(page.url.path, follow_redirects=True).text, browser.get("/").text]

    assert [shown for shown in pages if not is_harmless(shown)] == []


@pytest.mark.parametrize("route", CHANGING)
def test_no_page_of_another_site_changes_anything(desk: Desk, route: str) -> None:
    """Cross-site request forgery: the browser brings the session along, and that is not enough."""
    desk.begin()
    desk.know(a_request(), an_offer())
    desk.log_in()
    before, acts = dict(desk.dashboard.cases.facts), list(desk.dashboard.audit.acts)
    method, _, path = route.partition(" ")

    with staff_of(desk, _FOREIGN) as browser:
        answer = browser.request(method, path.format(**NAMES), data={"kind": "assign", "to": "desk", "seen": "0"})

    assert answer.status_code == 403
    assert (desk.dashboard.cases.facts, desk.dashboard.audit.acts) == (before, acts)


@dataclass(frozen=True, slots=True)
class Theft:
    """An id of somebody or something else, put where one's own belongs."""

    name: str
    path: str
    fields: dict[str, str]
    refused: int
    facts: tuple[Fact, ...] = ()


OTHER: Final = "other-case"
_BOTH: Final = (
    a_request(answers=COVER, product=BY_DESK.slug),
    an_offer(),
    a_request(OTHER, answers=COVER, product=BY_DESK.slug, reception_no="0THER222"),
    an_offer(request_id=OTHER),
)


def the_others_things(desk: Desk) -> None:
    """What `hanako` has: a saved view, unsent texts, a run, a session."""
    desk.has_staff(hanako=Role.manager)
    view = SavedView(id="1", name="自分用", address="/?tab=mine", owner="hanako", is_shared=False)
    desk.dashboard.saved_views.views["1"] = view
    draft = NoteDraft(
        request_id=REQUEST, account="hanako", form="note", tab="a" * 32, number=1, text="下書き", saved_at=desk.now
    )
    desk.dashboard.note_drafts.kept[REQUEST, "hanako", "note", "a" * 32] = (draft, desk.now + timedelta(days=1))  # type: ignore[attr-defined]  # of those in memory


THEFTS: Final = (
    Theft("a quote of another case", f"/cases/{OTHER}/release", {"quote_id": f"{REQUEST}:r1", "seen": "0"}, 409),
    Theft(
        "a release of another case",
        f"/cases/{OTHER}/take-back",
        {"decision_id": f"{REQUEST}:r1:released"},
        409,
        (a_release(),),
    ),
    Theft(
        "a correction of another case",
        f"/cases/{OTHER}/take-back",
        {"decision_id": fact_id(a_correction())},
        409,
        (a_correction(),),
    ),
    Theft(
        "an approval of another case",
        f"/cases/{OTHER}/approve",
        {"asked_id": an_approval_asked().decision_id, "answer": "approve", "seen": "0"},
        422,
        (an_approval_asked(),),
    ),
    Theft("a note of another case", f"/cases/{OTHER}/take-back", {"decision_id": fact_id(a_note())}, 409, (a_note(),)),
)


@pytest.mark.parametrize("theft", THEFTS, ids=lambda theft: theft.name)
def test_an_id_of_another_case_does_nothing_to_either(desk: Desk, theft: Theft) -> None:
    desk.begin()
    desk.know(*_BOTH, *theft.facts)
    if theft.facts:
        # While it could still be taken back, if it were of this case.
        desk.dashboard.time = max(map(moment_of, theft.facts))
    desk.log_in()
    before = dict(desk.dashboard.cases.facts)

    with staff_of(desk) as browser:
        answer = browser.post(theft.path, data=theft.fields)

    assert answer.status_code == theft.refused
    assert desk.dashboard.cases.facts == before


def test_what_is_a_colleagues_own_is_neither_changed_nor_shown(desk: Desk) -> None:
    """A view, an unsent text."""
    desk.begin()
    desk.know(*_BOTH)
    the_others_things(desk)
    desk.log_in()

    with staff_of(desk) as browser:
        browser.post("/views/1/remove")
        browser.post(f"/cases/{REQUEST}/draft/discard", data={"form": "note", "tab": "a" * 32, "number": "1"})
        pages = browser.get("/").text + browser.get(f"/cases/{REQUEST}").text

    assert "1" in desk.dashboard.saved_views.views
    assert len(desk.dashboard.note_drafts.kept) == 1  # type: ignore[attr-defined]  # of those in memory
    assert "下書き" not in pages
    assert "自分用" not in pages
