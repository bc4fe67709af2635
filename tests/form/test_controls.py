"""What judges the pages, shown pages that are wrong: a judge that never complains would let everything pass."""

from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.form.elsewhere import serving
from tests.judges.look import (
    Colours,
    bring_axe,
    bring_paint,
    look,
    narrow,
    shifted,
    sticks_out_when_zoomed,
    violations,
)
from tests.judges.nu import complaints
from tests.judges.traffic import watch

_FRAME: Final = '<!doctype html><html lang="ja"><title>題</title><main><h1>題</h1>{}</main></html>'


@pytest.fixture
def page(page: Page) -> Page:
    bring_axe(page)
    bring_paint(page)
    return page


def show(page: Page, body: str) -> None:
    page.goto(f"data:text/html;charset=utf-8,{quote(_FRAME.format(body))}")


def test_a_plain_page_is_let_pass(page: Page) -> None:
    show(page, "<p>よい<p><a href='#'>戻る</a>")

    assert violations(page) == []
    assert look(page, "sticks_out") == sticks_out_when_zoomed(page) == look(page, "clipped") == []
    assert shifted(page) == 0


def test_a_field_without_a_label_is_inaccessible(page: Page) -> None:
    show(page, "<input>")

    assert any(found.startswith("label:") for found in violations(page))


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_pale_text_is_inaccessible_in_the_colours_in_which_it_is_pale(page: Page, colours: Colours) -> None:
    pale = f"""<style>
        body {{ color: black; background: white }}
        @media (prefers-color-scheme: {colours}) {{ p {{ color: #888; background: #777 }} }}
    </style>"""
    show(page, f"{pale}<p>うすい")

    assert any(found.startswith("color-contrast:") for found in violations(page, colours))
    assert violations(page, "dark" if colours == "light" else "light") == []


def test_something_wide_sticks_out(page: Page) -> None:
    show(page, "<div style='width: 700px'>長い")
    assert sticks_out_when_zoomed(page) != []

    show(page, "<div style='width: 400px'>長い")
    assert sticks_out_when_zoomed(page) == []
    narrow(page)
    assert look(page, "sticks_out") != []


def test_text_in_a_box_that_cannot_grow_is_clipped(page: Page) -> None:
    show(page, "<div style='height: 1.2em; width: 5em; overflow: hidden; white-space: nowrap'>入るだけ</div>")

    assert look(page, "clipped") != []


def test_a_tiny_button_is_too_small(page: Page) -> None:
    show(page, "<button style='width: 10px; height: 10px; padding: 0'></button>")

    assert look(page, "small_targets") != []


def test_a_focus_that_is_not_drawn_or_lies_below_something_is_told(page: Page) -> None:
    show(page, "<style>:focus { outline: none }</style><a href='#'>見えない</a>")
    page.keyboard.press("Tab")
    assert not look(page, "focused")["ringed"]

    show(page, "<a href='#'>下</a><div style='position: fixed; inset: 0; background: white'></div>")
    page.keyboard.press("Tab")
    assert not look(page, "focused")["visible"]


def test_something_that_comes_late_and_pushes_the_rest_away_is_a_shift(page: Page) -> None:
    late = "document.querySelector('p').style.marginTop = '300px'"
    show(page, f"<p>動く</p><script>requestAnimationFrame(() => requestAnimationFrame(() => {late}))</script>")

    page.wait_for_function("window.painted.shifted > 0")
    assert shifted(page) > 0


def test_what_a_page_fetches_elsewhere_and_complains_of_is_told(page: Page) -> None:
    traffic = watch(page)
    with (
        serving("<p>よその頁") as other,
        serving(f"<iframe src='{other}/x'></iframe><script>nonsense()</script>") as own,
    ):
        page.goto(own)

        assert traffic.from_elsewhere(own) == [f"{other}/x"]
        assert sum(traffic.sent_bytes.values()) > 0
    assert any("nonsense" in said for said in traffic.console)


def test_a_document_with_the_same_id_twice_is_invalid(tmp_path: Path) -> None:
    found = complaints({"good": _FRAME.format("<p id=a>"), "bad": _FRAME.format("<p id=a><p id=a>")}, tmp_path)

    assert found["good"] == []
    assert any("Duplicate ID" in one for one in found["bad"])
