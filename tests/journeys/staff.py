"""A member of staff in front of the desk's pages: every place on them that a task needs stands here, and only here.

Forms are found by where they lead and by the names of their fields, which programs and tests may rely on, and not by
words, which are there for people and change.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

LIVE: Final = "#live[data-htmx-powered]"
NEWS: Final = "#news"
OTHERS: Final = "#others"
CHANGED: Final = "#changed"
NOTE: Final = "#note-text"
NOTE_SAVED: Final = "#note-saved"
SEARCH: Final = "#search"
ROWS: Final = "tr[id^=case-]"
NEXT_STEP: Final = "main :is(.next, #next)"
TAKE: Final = "[data-take]"
TABS: Final = "nav.tabs a"
COUNT: Final = ".tabs__count"
FIGURE: Final = "a[data-count]"
EXPORT: Final = "a[href^='/export/cases.csv']"
BULK: Final = "a[href^='/bulk']"
VIEW: Final = "nav.views a"
SENT_LETTERS: Final = ".mail--sent"


@dataclass
class Staff:
    """Somebody with an account, at the desk under *address* (with the last slash)."""

    page: Page
    address: str
    name: str
    password: str

    def log_in(self) -> None:
        """From the log-in page to the list, or to what was typed before."""
        if "/login" not in self.page.url:
            self.page.goto(f"{self.address}login")
        self.page.fill("#name", self.name)
        self.page.fill("#password", self.password)
        self.press(self.page.locator("form[action='/login'] button"))

    def log_out(self) -> None:
        """By the button that every page has."""
        self.press(self.page.locator("form[action='/logout'] button"))

    def press(self, button: Locator) -> None:
        """Press what leads to another page, and wait for it."""
        with self.page.expect_navigation():
            button.click()

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Inside the block something leads to another page."""
        with self.page.expect_navigation():
            yield

    # Lists.

    def open_list(self, **wanted: str) -> None:
        """The list of a tab, a filter or a search."""
        self.page.goto(f"{self.address}?{urlencode(wanted)}")

    def search(self, text: str) -> None:
        """Type into the search of the list."""
        self.page.fill(SEARCH, text)
        with self.leaving():
            self.page.press(SEARCH, "Enter")

    def row(self, request_id: str) -> Locator:
        """The row of a case."""
        return self.page.locator(f"#case-{request_id}")

    def shown(self) -> list[str]:
        """The ids of the cases in the list."""
        return [(row.get_attribute("id") or "").removeprefix("case-") for row in self.page.locator(ROWS).all()]

    def counted_in_list(self) -> int:
        """How many cases the list says it has."""
        if not self.page.locator("table.list caption").count():
            return 0
        found = re.search(r"([0-9,]+)件", self.page.locator("table.list caption").inner_text())
        return int(found[1].replace(",", "")) if found else 0

    def filter_by(self, **boxes: str) -> None:
        """Set boxes of the filter, and show that list."""
        form = self.unfolded(self.page.locator("#filter form"))
        for name, value in boxes.items():
            form.locator(f"[name={name}][value='{value}']").check()
        self.press(form.locator("button[type=submit]").first)

    def save_view(self, name: str, *, is_shared: bool) -> None:
        """Keep the list under a name."""
        form = self.unfolded(self.page.locator("form[action='/views']"))
        form.locator("[name=name]").fill(name)
        form.locator("[name=shared]").set_checked(is_shared)
        self.press(form.locator("button"))

    # One case.

    def open_case(self, request_id: str) -> None:
        """Its page."""
        self.page.goto(f"{self.address}cases/{request_id}")

    def form(self, action: str, kind: str = "", having: str = "*") -> Locator:
        """The form of the case that leads to *action*, of this *kind*, with a field like *having*."""
        of_kind = f":has([name=kind][value='{kind}'])" if kind else ""
        return self.page.locator(f"form[action*='/{action}']{of_kind}:has({having})").first

    def unfolded(self, form: Locator) -> Locator:
        """*form*, once all that it is folded into is open."""
        form.wait_for(state="attached")
        for folded in form.locator("xpath=ancestor::details").all():
            if folded.get_attribute("open") is None:
                folded.locator("> summary").click()
        return form

    def send(self, form: Locator, **fields: str) -> None:
        """Fill in *form* and press its button. A field with several places is one of choice."""
        self.unfolded(form)
        for name, value in fields.items():
            field = form.locator(f"[name={name}]:not([type=hidden])")
            match field.first.evaluate("field => field.type"):
                case "radio":
                    field.and_(form.locator(f"[value='{value}']")).check()
                case "select-one":
                    field.select_option(value)
                case _:
                    field.fill(value)
        self.press(form.locator("button[type=submit]").first)

    def work(self, kind: str, **fields: str) -> None:
        """What the forms of 対応 do."""
        self.send(self.form("work", kind), **fields)

    def take(self) -> None:
        """自分が対応する."""
        self.press(self.page.locator(TAKE))

    def assign(self, name: str) -> None:
        """ほかの職員に任せる."""
        self.send(self.form("work", "assign", "[name=to]:not([type=hidden])"), to=name)

    def unassign(self) -> None:
        """対応者を外す."""
        self.send(self.form("work", "assign", "[name=to][type=hidden][value='']"))

    def note(self, text: str) -> None:
        """メモを残す."""
        self.work("note", text=text)

    def correct_address(self, email: str) -> None:
        """Send what was mailed to another address."""
        self.work("address", email=email)

    def set_premium(self, premium: str, reason: str) -> None:
        """保険料を手動で設定する."""
        self.send(self.form("decide", "premium"), premium=premium, reason=reason)

    def change_terms(self, reason: str, **terms: str) -> None:
        """条件を変えて見積もる."""
        self.send(self.form("decide", "terms"), **{f"term-{key}": value for key, value in terms.items()}, reason=reason)

    def answer_approval(self, answer: str, **fields: str) -> None:
        """承認する, 承認しない."""
        form = self.form("approve")
        for name, value in fields.items():
            form.locator(f"[name={name}]").fill(value)
        self.press(form.locator(f"button[value={answer}]"))

    def let_mails_go(self) -> None:
        """メールの送信を許可する."""
        self.send(self.form("release-mails"))

    def take_back(self) -> None:
        """取り消す, the newest."""
        self.press(self.form("take-back").locator("button"))

    def text(self) -> str:
        """What the page says, with single spaces."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    def source(self) -> str:
        """What the page holds, also what is folded."""
        return re.sub(r"\s+", " ", self.page.locator("main").text_content() or "")

    def counted(self, tab: str) -> int:
        """How many cases a tab says it has."""
        link = self.page.locator(f"{TABS}[href='{'/' if tab == 'all' else f'/?tab={tab}'}'] {COUNT}").first
        return int(re.sub(r"\D", "", link.inner_text()) or 0)

    def waits_for(self, selector: str, text: str) -> None:
        """Until the page says so by itself."""
        expect(self.page.locator(selector)).to_contain_text(text)
