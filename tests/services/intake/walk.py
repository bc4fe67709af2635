"""A walk through the form, as the tests take it: page by page, with plain posts."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import httpx

from tests.services.intake.fakes import a_product

FORM = "/cyber-security/"


def fields_of(slug: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    page = next(page for page in a_product().form.pages if page.slug == slug)
    return {question.key: typed[question.key] for question in page.questions if question.key in typed}


async def fill(client: httpx.AsyncClient, typed: Mapping[str, Any]) -> list[str]:
    """Go through the form from its start, page by page; the slugs of the pages that it led through."""
    reply = await client.post(f"{FORM}start")
    passed = []
    while (slug := slug_of(reply)) != "confirm":
        passed.append(slug)
        reply = await client.post(f"{FORM}{slug}", data=fields_of(slug, typed))
        assert reply.status_code == 303
        assert "check" not in reply.headers["Location"], (slug, errors(await client.get(reply.headers["Location"])))
    return passed


def slug_of(reply: httpx.Response) -> str:
    """Which page *reply* leads to."""
    return httpx.URL(reply.headers["Location"]).path.removeprefix(FORM)


async def post(client: httpx.AsyncClient, path: str, fields: Mapping[str, Any]) -> httpx.Response:
    """Post, and follow to the page that it leads to."""
    return await client.post(path, data=dict(fields), follow_redirects=True)


async def send(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post(f"{FORM}confirm", data={"privacy_consent": a_product().privacy.version})


def errors(reply: httpx.Response) -> list[str]:
    return [unescape(found) for found in re.findall(r'<span class="error"[^>]*>＊([^<]*)</span>', reply.text)]
