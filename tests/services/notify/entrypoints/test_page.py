"""The pages of notify, as people see them: the page about news, and what stands in place of a brochure."""

from pathlib import Path

from playwright.sync_api import Route
from starlette.requests import Request

from services.notify.entrypoints.news import asking_page, stopped_page
from services.notify.entrypoints.problem_pages import page_renderer
from shared.web.problems import HttpProblem
from tests.journeys.browser import a_browser
from tests.judges.look import bring_axe, look, narrow, violations
from tests.judges.nu import complaints
from tests.judges.window import a_window
from tests.services.notify.builders import PRODUCT

PROBLEMS = {
    "over": HttpProblem(410, "link-over", product="cyber-security"),
    "unknown": HttpProblem(404, "not-found"),
    "no-news": HttpProblem(404, "no-news-link"),
    "other": HttpProblem(405, "method-not-allowed"),
}


def test_a_page_is_sound_and_can_be_read_by_everybody(tmp_path: Path) -> None:
    """Light and dark, at 320 px, and as the HTML standard says."""
    render = page_renderer({"cyber-security": PRODUCT.agency})
    problems = {
        name: bytes(render(Request({"type": "http", "headers": []}), problem).body).decode()
        for name, problem in PROBLEMS.items()
    }
    pages = {"asking": asking_page(PRODUCT.agency), "stopped": stopped_page(None), **problems}

    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        route.fulfill(body=pages.get(name, ""), content_type="text/html")

    found: dict[str, list[str]] = {}
    with a_browser() as browser, a_window(browser) as page:
        bring_axe(page)
        page.route("**/*", answer)
        narrow(page)
        for name in pages:
            page.goto(f"http://pages.example/{name}")
            wrong = [*violations(page), *violations(page, "dark"), *violations(page, "forced")]
            found[name] = [*wrong, *look(page, "sticks_out")]

    assert found == {name: [] for name in pages}
    assert complaints(pages, tmp_path) == {name: [] for name in pages}
