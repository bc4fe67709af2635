"""HTML out: the templates, and the one table from what can go wrong to what a person reads."""

from collections.abc import Callable, Coroutine
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import structlog
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.intake.entrypoints.web.door import PAGE_HEADERS, Refused, intake_of
from shared.errors import Unavailable
from shared.products import Product
from shared.web.problems import retry_after

log = structlog.get_logger(__name__)

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_STATIC: Final = Path(__file__).parents[1] / "static"
_AGAIN: Final = "お手数ですが、前の画面に戻ってやり直してください。"
_WORDS: Final = {
    "no-such-page": ("ページが見つかりません", "アドレスが正しいかご確認ください。"),
    "other-site": (
        "送信できませんでした",
        "ほかのサイトからの送信は受け付けていません。このサイトのフォームからお送りください。",
    ),
    "bad-form": ("送信内容を読み取れませんでした", f"文字コードが UTF-8 でないか、項目が多すぎます。{_AGAIN}"),
    "bad-content-type": ("送信内容を読み取れませんでした", _AGAIN),
    "bad-idempotency-key": ("送信内容を読み取れませんでした", _AGAIN),
    "no-draft": (
        "入力中の内容が見つかりません",
        "保存期間が過ぎたか、すでに送信されています。はじめのページからお進みください。",
    ),
    "no-copy": (
        "控えを表示できません",
        "控えは、送信したブラウザーで24時間のあいだご覧いただけます。お手元の確認メールもご利用ください。",
    ),
    "no-cookie": (
        "Cookie を有効にしてください",
        "入力内容をお預かりするために Cookie を使用します。ブラウザーの設定で有効にして、もう一度お試しください。",
    ),
    "link-over": (
        "このリンクは使えません",
        "リンクは1回だけ、いちばん新しいものが使えます。すでに使われたか、新しいリンクが送られたか、期限が過ぎています。",
    ),
    "help-over": (
        "このリンクは使えません",
        "依頼が取り消されたか、すでに送信されたか、期限が過ぎています。依頼された方にご確認ください。",
    ),
    "too-many": (
        "短い時間に多くの送信がありました",
        "入力された内容は保存されています。1時間ほどおいてから、もう一度お試しください。お急ぎの場合はお電話ください。",
    ),
    "too-many-mails": (
        "メールを送る回数が多すぎます",
        "同じ宛先へは1日3回までお送りできます。入力された内容は保存されています。お急ぎの場合はお電話ください。",
    ),
    "broken": (
        "エラーが発生しました",
        "ご不便をおかけして申し訳ありません。もう一度お試しになるか、お電話ください。",
    ),
    "too-large": ("送信内容が大きすぎます", f"文章を短くして、もう一度お試しください。{_AGAIN}"),
    "conflict": (
        "すでに送信されています",
        "別の内容で先に受け付けています。受付の確認メールをご覧ください。内容の変更は、お電話で承ります。",
    ),
    "unavailable": (
        "ただいまご利用いただけません",
        "しばらくしてから、もう一度お試しください。お急ぎの場合はお電話ください。",
    ),
    "unsent": (
        "ただいま混み合っており、送信できませんでした",
        "入力された内容は残っています。少し待ってから「再送信する」を押してください。画面は閉じないでください。",
    ),
}


@cache
def asset(name: str) -> str:
    """The address of a file of ours; it changes with the content, so that browsers may keep it for good."""
    return f"/static/{name}?v={sha256((_STATIC / name).read_bytes()).hexdigest()[:12]}"


_TEMPLATES.globals["asset"] = asset


def page(request: Request, template: str, status: int = HTTPStatus.OK, **facts: object) -> HTMLResponse:
    """*template* with *facts*."""
    product = product_of(request)
    notices = tuple(product.notices.values()) if product else ()
    headers = retry_after(int(status))
    html = _TEMPLATES.get_template(template).render(product=product, notices=notices, **facts)
    return HTMLResponse(html, status_code=int(status), headers=headers)


def message(request: Request, code: str, status: int, template: str = "message.html", **facts: object) -> HTMLResponse:
    """A page that says what happened, and with another *template* what can be done about it."""
    title, text = _WORDS[code]
    return page(request, template, status, title=title, text=text, **facts)


def _unavailable(request: Request) -> HTMLResponse:
    """What was posted can be sent once more, and is after a while; a page can be asked for again."""
    if request.method != "POST":
        return message(request, "unavailable", 503)
    pairs = getattr(request.state, "pairs", [])
    return message(request, "unsent", 503, "unsent.html", fields=pairs, action=request.url.path)


def go(url: str) -> RedirectResponse:
    """Post, redirect, get: reloading the next page sends nothing twice."""
    return RedirectResponse(url, status_code=303)


def product_of(request: Request) -> Product | None:
    """The product that the address names."""
    return intake_of(request).products.get(request.path_params.get("product", ""))


class PageRoute(APIRoute):
    """A route for people: whatever goes wrong is a page, and every answer wears the same headers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, wrapped."""
        handle = super().get_route_handler()

        async def handle_for_people(request: Request) -> Response:
            try:
                response = await handle(request)
            except Refused as error:
                response = message(request, error.code, error.status)
            except Unavailable:
                response = _unavailable(request)
            except Exception:
                # Whatever it is, a person gets a page; the log and the alarm are the same as anywhere.
                log.exception("page failed")
                response = message(request, "broken", 500)
            response.headers.update(PAGE_HEADERS)
            return response

        return handle_for_people
