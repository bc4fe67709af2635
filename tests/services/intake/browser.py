"""A browser without scripts that fills in the form, page by page, with plain posts."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import unescape
from typing import Any

import httpx
from fastapi import FastAPI

from services.intake.app import create_web_app
from shared.products import INSURERS_ORDER
from tests.services.intake.builders import a_product, answers
from tests.services.intake.fakes import Scene

FORM = "/cyber-security/"


@asynccontextmanager
async def browser(scene: Scene, address: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    """A browser without scripts: it keeps cookies, and follows redirects only when asked to."""
    app = create_web_app(no_lifespan, public_url=scene.public_url)
    app.state.dependencies = scene.dependencies
    transport = httpx.ASGITransport(app=app, client=(address, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=scene.public_url) as client:
        yield client


@asynccontextmanager
async def no_lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """httpx starts no app: the test puts what it needs on `app.state`."""
    yield


def fields_of(slug: str, typed: Mapping[str, Any], order: str = INSURERS_ORDER) -> dict[str, Any]:
    page = next(page for page in a_product().form.in_order(order).pages if page.slug == slug)
    return {question.key: typed[question.key] for question in page.questions if question.key in typed}


async def fill(client: httpx.AsyncClient, typed: Mapping[str, Any], order: str = INSURERS_ORDER) -> list[str]:
    """Go through the form from its start, page by page; the slugs of the pages that it led through."""
    reply = await client.post(f"{FORM}start")
    passed = []
    while (slug := slug_of(reply)) != "confirm":
        passed.append(slug)
        reply = await client.post(f"{FORM}{slug}", data=fields_of(slug, typed, order))
        assert reply.status_code == 303
        assert "check" not in reply.headers["Location"], (slug, errors(await client.get(reply.headers["Location"])))
    return passed


async def come_to(client: httpx.AsyncClient, slug: str, typed: Mapping[str, Any] | None = None) -> None:
    """Begin, and answer every page before *slug*."""
    reply = await client.post(f"{FORM}start")
    while slug_of(reply) != slug:
        reply = await client.post(f"{FORM}{slug_of(reply)}", data=fields_of(slug_of(reply), typed or answers()))


def slug_of(reply: httpx.Response) -> str:
    """Which page *reply* leads to."""
    return httpx.URL(reply.headers["Location"]).path.removeprefix(FORM)


async def post(client: httpx.AsyncClient, path: str, fields: Mapping[str, Any]) -> httpx.Response:
    """Post, and follow to the page that it leads to."""
    return await client.post(path, data=dict(fields), follow_redirects=True)


async def mark(client: httpx.AsyncClient, page: str) -> dict[str, str]:
    """What a page that is shown now will send along to say what it showed."""
    return mark_on(await client.get(f"{FORM}{page}"))


def mark_on(reply: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(_seen)" value="([^"]*)">', reply.text))


async def send(client: httpx.AsyncClient) -> httpx.Response:
    """Read the confirmation, agree, and press its button."""
    return await send_as_shown(client, await mark(client, "confirm"))


async def send_as_shown(client: httpx.AsyncClient, seen: Mapping[str, str], **consents: str) -> httpx.Response:
    """Press the button of a confirmation that was shown before, with the mark *seen*."""
    agreed = {"privacy_consent": a_product().privacy.version, **consents}
    return await client.post(f"{FORM}confirm", data={**agreed, **seen})


def errors(reply: httpx.Response) -> list[str]:
    return [unescape(sentence) for sentence in re.findall(r'<span class="error"[^>]*>＊([^<]*)</span>', reply.text)]
