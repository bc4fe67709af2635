"""Customers who wander: back and forth, reloading, in several windows, with colleagues, over a service that is killed.

A wanderer knows by itself what it was told to be saved, and looks on every page that comes whether it is there. It
knows no more of the server than a browser does.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from random import Random  # noqa: TID251  # a walk that can be taken again, and no secret
from typing import Any, Final
from urllib.parse import urlsplit
from zlib import crc32

import httpx

from shared.products import Page, Question
from tests.services.intake.browser import FORM
from tests.services.intake.builders import CONTACT

Value = tuple[str, ...]
"""What is in the field of a question: nothing, one text or several choices."""

_TEXTS: Final = ("見本商会", "別の見本", "abc", "1,000", "二行\r\n目", "")
_RIGHT: Final = {key: [text] for key, text in CONTACT.items()} | {"quote": ["yes"], "incidents": ["no"]}
ELSEWHERE: Final = "別の画面では「"
FORMER: Final = "以前は「"


class _Fields(HTMLParser):
    """What a browser would send of a page as it came."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._area = ""
        self._select = ""
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.values.setdefault(name, []).append(value)
        if tag == "textarea":
            self._area = name
            self.values[name] = [""]
        if tag == "select":
            self._select, self._options = name, []
        if tag == "option":
            self._options.append((value, "selected" in given))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # Of its first line only the end counts, and a browser sends every end of a line with both characters.
            text = self.values[self._area][0].removeprefix("\n")
            self.values[self._area][0] = text.replace("\r\n", "\n").replace("\n", "\r\n")
            self._area = ""
        if tag == "select":
            chosen = [value for value, is_chosen in self._options if is_chosen]
            self.values[self._select] = chosen or [self._options[0][0]]


def value_of(typed: str | list[str] | None) -> Value:
    """What is typed, in one shape."""
    texts = [typed] if isinstance(typed, str) else typed or []
    return tuple(text for text in texts if text)


@dataclass
class Window:
    """One page as it stands in a tab."""

    page: Page
    fields: dict[str, list[str]]
    base: dict[str, Value] = field(default_factory=dict)
    """What each field had when the page came, or was sent last."""
    knows: dict[str, int] = field(default_factory=dict)
    """Which change of each answer it has shown or made."""
    unsure: dict[str, Value] = field(default_factory=dict)
    """What was sent, and no reply came; with what was known to be saved before."""
    before: list[str] = field(default_factory=list)

    def value(self, key: str) -> Value:
        """What is in the field of *key*."""
        return value_of(self.fields.get(key))

    @property
    def touched(self) -> set[str]:
        """What was changed since."""
        return {
            question.key
            for question in self.page.questions
            if self.value(question.key) != self.base.get(question.key, ())
        }

    def body(self) -> dict[str, Any]:
        """What is sent, with the marks of what was sent before."""
        return dict(self.fields)

    def remember(self) -> None:
        """As the page's script does before it hears what became of it: what was sent from here is its own."""
        self.before = self.fields["_seen"]
        marked = [pair.partition("=") for pair in self.fields["_seen"][0].split()]
        now = {key: f"{crc32(chr(10).join(self._texts(key)).encode()):x}" for key, _, _ in marked}
        self.fields["_seen"] = [" ".join(f"{key}={known},{now[key]}" for key, _, known in marked)]

    def hear(self, refused: set[str]) -> None:
        """A reply came: what is saved is what this window knows, and what was not saved is not its own."""
        before = dict(pair.split("=") for pair in self.before[0].split())
        now = {
            key: known.rpartition(",")[2]
            for key, known in (pair.split("=") for pair in self.fields["_seen"][0].split())
        }
        self.fields["_seen"] = [" ".join(f"{key}={(before if key in refused else now)[key]}" for key in now)]

    def _texts(self, key: str) -> list[str]:
        return [text.replace("\r\n", "\n") for text in self.fields.get(key, [])]


@dataclass
class Wanderer:
    """One customer of a form with these `pages`.

    `open_browser` opens another one, and `kill` kills the service and starts it again.
    """

    pages: Sequence[Page]
    chance: Random
    client: httpx.AsyncClient
    open_browser: Callable[[], AbstractAsyncContextManager[httpx.AsyncClient]]
    kill: Callable[["Wanderer"], Awaitable[None]]
    newest_link: Callable[[], str]
    windows: list[Window] = field(default_factory=list)
    told: dict[str, set[Value]] = field(default_factory=dict)
    """What may stand for each answer that was told to be saved: one value, or one more where a reply was lost."""
    changes: dict[str, int] = field(default_factory=dict)
    way: list[str] = field(default_factory=list)

    async def wander(self, steps: int) -> None:
        """Begin, take so many steps, and look at everything once more."""
        await self._arrive(await self.client.post(f"{FORM}start"))
        acts = [self._type] * 6 + [self.keep] * 5 + [self._go_on] * 4 + [self._back] * 2 + [self._reload] * 2
        acts += [self._answer_all] * 4
        acts += [self._open_window] * 2 + [self._kill, self._lose_cookie, self._ask_colleague]
        for _ in range(steps):
            act = self.chance.choice(acts)
            self.way.append(act.__name__)
            await act()

    async def _type(self) -> None:
        if self.windows:
            window = self._window()
            question = self.chance.choice(window.page.questions)
            window.fields[question.key] = self._some_answer(question)

    async def _answer_all(self) -> None:
        """A page as it should be, so that the walk comes to the next one."""
        if self.windows:
            window = self._window()
            for question in window.page.questions:
                right = _RIGHT.get(question.key) or self._some_answer(question, is_right=True)
                window.fields[question.key] = right or [str(question.values[-1])]
            await self._go_on_with(window)

    async def keep(self) -> None:
        if not self.windows:
            return
        window = self._window()
        reply = await self._send(window, f"{window.page.slug}/keep")
        if reply is None or reply.status_code != HTTPStatus.OK:
            self._sent(window, set(), is_certain=False)
            return
        said = set(reply.json()["elsewhere"])
        # What another window has answered is not overwritten, and it is said.
        assert self._contested(window) <= said, (said, self.way)
        window.hear(said)
        self._sent(window, said, is_certain=True)

    async def _go_on(self, **action: str) -> None:
        if self.windows:
            await self._go_on_with(self._window(), **action)

    async def _go_on_with(self, window: Window, **action: str) -> None:
        contested = self._contested(window)
        reply = await self._send(window, window.page.slug, **action)
        if reply is None or reply.status_code != HTTPStatus.SEE_OTHER:
            self._sent(window, set(), is_certain=False)
            return
        self._sent(window, set(), is_certain=True)
        self.windows.remove(window)
        page = await self._arrive(reply)
        is_shown = ELSEWHERE in page or FORMER in page
        assert not contested or is_shown or not await self._is_asked(window.page), (contested, self.way)

    async def _is_asked(self, page: Page) -> bool:
        """What is not asked any more has nothing to be shown."""
        reply = await self.client.get(f"{FORM}{page.slug}", follow_redirects=True)
        return reply.url.path == f"{FORM}{page.slug}"

    async def _back(self) -> None:
        await self._go_on(_action="back")

    async def _reload(self) -> None:
        if self.windows:
            window = self._window()
            self.windows.remove(window)
            await self._arrive(await self.client.get(f"{FORM}{window.page.slug}"))

    async def _open_window(self) -> None:
        await self._arrive(await self.client.get(f"{FORM}{self.chance.choice(self.pages).slug}"))

    async def _kill(self) -> None:
        await self.kill(self)

    async def _lose_cookie(self) -> None:
        """With a link that was mailed before the form goes on, also from the windows that are open."""
        email = f"wanderer.{self.chance.random()}@example.co.jp"
        await self.client.post(f"{FORM}save", data={"email": email})
        self.client.cookies.clear()
        await self._arrive(await self.client.post(urlsplit(self.newest_link()).path))

    async def _ask_colleague(self) -> None:
        """One page is handed over, filled in and sent, or left half-way."""
        page = self.chance.choice([page for page in self.pages if page.colleague])
        asked = await self.client.post(f"{FORM}ask/{page.slug}", follow_redirects=True)
        link = _help_link(asked.text)
        if not link:
            return
        async with self.open_browser() as colleague:
            shown = _fields_of((await colleague.get(link)).text)
            for question in page.questions:
                if self.chance.random() < 0.9:
                    shown[question.key] = self._some_answer(question, is_right=True)
            for _ in range(2):
                await colleague.post(link, data=shown)
            is_sent = "回答を送りました" in (await colleague.get(link)).text
        if is_sent:
            before = {question.key: self._certain(question.key) for question in page.questions}
            answers = {question.key: value_of(shown.get(question.key)) for question in page.questions}
            for key, value in answers.items():
                if self._certain(key) != _tidy(value):
                    self._change(key, {value})
            await self._arrive(await self.client.get(f"{FORM}{page.slug}"), former=(page, before, answers))

    def look_at(self, typed: dict[str, str | list[str]]) -> None:
        """What is stored at the end must be what was told."""
        for question in (question for page in self.pages for question in page.questions):
            shown = typed.get(question.key, "" if question.default is None else str(question.default))
            values = self.told.get(question.key, {_tidy(value_of(shown))})
            assert _tidy(value_of(shown)) in values, (question.key, values, shown, self.way)

    async def _send(self, window: Window, path: str, **action: str) -> httpx.Response | None:
        body = {**window.body(), **action}
        window.remember()
        try:
            return await self.client.post(f"{FORM}{path}", data=body)
        except httpx.HTTPError:
            return None

    def _sent(self, window: Window, refused: set[str], *, is_certain: bool) -> None:
        """What was typed here is saved, or may be."""
        touched, base = window.touched, dict(window.base)
        for key in (touched | window.unsure.keys()) - refused:
            is_newer = self.changes.get(key, 0) > window.knows.get(key, 0)
            if key not in touched and is_newer and self.told.get(key) != {_tidy(window.unsure[key])}:
                continue  # It was sent before, without a reply; another window has answered otherwise since.
            mine = _tidy(window.value(key))
            if not is_certain:
                self.told[key] = {mine, *self.told.get(key, {_tidy(base.get(key, ()))})}
                continue
            if self.told.get(key) != {mine}:
                self._change(key, {mine})
            window.knows[key] = self.changes.get(key, 0)
        window.unsure = {} if is_certain else {key: base.get(key, ()) for key in touched} | window.unsure
        window.base |= {key: window.value(key) for key in touched - refused}

    def _change(self, key: str, values: set[Value]) -> None:
        self.told[key] = {_tidy(value) for value in values}
        self.changes[key] = self.changes.get(key, 0) + 1

    def _contested(self, window: Window) -> set[str]:
        """What was typed here and answered differently elsewhere since this page came."""
        return {
            key
            for key in window.touched
            if self.changes.get(key, 0) > window.knows.get(key, 0)
            and (known := self._certain(key))
            and known not in {_tidy(window.value(key)), _tidy(window.base.get(key, ()))}
        }

    def _certain(self, key: str) -> Value:
        values = self.told.get(key, set())
        return next(iter(values)) if len(values) == 1 else ()

    async def _arrive(
        self,
        reply: httpx.Response,
        *,
        former: tuple[Page, dict[str, Value], dict[str, Value]] | None = None,
    ) -> str:
        """Follow to the page that it leads to; all that was told to be saved must be there."""
        while reply.is_redirect:
            reply = await self.client.get(reply.headers["Location"])
        slug = reply.url.path.removeprefix(FORM)
        page = next((page for page in self.pages if page.slug == slug), None)
        if page is None or reply.status_code != HTTPStatus.OK:
            return reply.text
        fields = _fields_of(reply.text)
        for question in page.questions:
            if question.key in self.told:
                shown = _tidy(value_of(fields.get(question.key)))
                assert shown in self.told[question.key], (question.key, self.told[question.key], shown, self.way)
                self.told[question.key] = {shown}
        if former is not None and former[0] == page:
            replaced = {key for key, value in former[1].items() if value and value != _tidy(former[2][key])}
            assert not replaced or FORMER in reply.text, (replaced, self.way)
        knows = {question.key: self.changes.get(question.key, 0) for question in page.questions}
        window = Window(page, fields, knows=knows)
        window.base = {question.key: window.value(question.key) for question in page.questions}
        self.windows = [*self.windows[-3:], window]
        return reply.text

    def _window(self) -> Window:
        return self.chance.choice(self.windows)

    def _some_answer(self, question: Question, *, is_right: bool = False) -> list[str]:
        values = [choice.value for choice in question.choices]
        if question.kind == "multi":
            return [value for value in values if value != question.exclusive and self.chance.random() < 0.5]
        if values:
            return [self.chance.choice(values)]
        if question.kind == "thousand_yen":
            return ["500,000"] if is_right else [self.chance.choice(("500,000", "x", ""))]
        text = self.chance.choice(_TEXTS[:2] if is_right else _TEXTS)
        return [text if question.kind == "long_text" else text.replace("\r\n", "")]


def _tidy(value: Value) -> Value:
    return tuple(text.replace("\r\n", "\n") for text in value)


def _fields_of(html: str) -> dict[str, list[str]]:
    parser = _Fields()
    parser.feed(html)
    return {name: values for name, values in parser.values.items() if name != "homepage"}


def _help_link(html: str) -> str:
    _, _, rest = html.partition(f"{FORM}help/")
    return f"{FORM}help/{rest.partition(chr(34))[0]}" if rest else ""
