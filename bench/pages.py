"""How long the server takes for each page of the form, beside its quickest answer (`/live`)."""

import time
from collections.abc import Callable
from statistics import quantiles
from typing import Final

import httpx

from bench.results import Figures
from bench.samples import STORY
from local.system import System
from shared.products import load_products

VISITS: Final = 40
GOAL_MS: Final = 50
PRODUCT: Final = load_products()["cyber-security"]
FORM: Final = f"/{PRODUCT.slug}/"
PAGES: Final = PRODUCT.form.in_order(next(iter(PRODUCT.form_orders))).pages
ANSWERS: Final = STORY.answers_of(1, PRODUCT.privacy.version)


def report(system: System) -> Figures:
    """Fill in the form as a browser would, one page after the other, and time every answer."""
    pages: list[float] = []
    posts: list[float] = []
    live: list[float] = []
    intake = system.services["intake"]
    live_url = f"{intake.operations}/live"
    for _ in range(VISITS):
        with httpx.Client(base_url=intake.url, trust_env=False) as client:
            live.append(_timed(lambda: client.get(live_url))[0])
            _fill_in(client, pages, posts)
    baseline = _p95(live)
    print(
        f"pages: {len(pages)} pages p95 {_p95(pages):.1f} ms, {len(posts)} posts p95 {_p95(posts):.1f} ms"
        f" (goal {GOAL_MS}) = {_p95(pages) / baseline:.1f} and {_p95(posts) / baseline:.1f} x the same client's /live"
        f" ({baseline:.1f} ms)"
    )
    return {
        "pages p95 ms": _p95(pages),
        "posts p95 ms": _p95(posts),
        "pages p95 x /live": _p95(pages) / baseline,
        "posts p95 x /live": _p95(posts) / baseline,
    }


def _fill_in(client: httpx.Client, pages: list[float], posts: list[float]) -> None:
    here = client.post(f"{FORM}start").headers["Location"]
    while True:
        took, shown = _timed(lambda: client.get(here))  # noqa: B023  # called at once
        pages.append(took)
        slug = shown.url.path.removeprefix(FORM)
        if slug == "confirm":
            return
        asked = next(page.questions for page in PAGES if page.slug == slug)
        fields = {question.key: ANSWERS[question.key] for question in asked if question.key in ANSWERS}
        took, sent = _timed(lambda: client.post(f"{FORM}{slug}", data=fields))  # noqa: B023  # called at once
        posts.append(took)
        here = sent.headers["Location"]
        if here.startswith(f"{FORM}{slug}"):
            raise RuntimeError(here)


def _timed(ask: Callable[[], httpx.Response]) -> tuple[float, httpx.Response]:
    begun = time.perf_counter()
    reply = ask()
    return (time.perf_counter() - begun) * 1000, reply


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[18]
