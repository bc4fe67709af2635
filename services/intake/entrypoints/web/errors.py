"""What a person reads, and what a program reads, when a request ends without its result.

Status and headers follow from the error table in `shared/web/problems.py`; here are the words for its codes.
"""

from typing import Final

from fastapi import Request, Response

from services.intake.entrypoints.web.dependencies import Dependencies
from services.intake.entrypoints.web.html import html_page
from shared.products import Product
from shared.web.problems import HttpProblem, json_renderer

_NOT_FOUND: Final = ("ページが見つかりません", "アドレスが正しいかご確認ください。")
_AGAIN: Final = "お手数ですが、前の画面に戻ってやり直してください。"
_MESSAGES: Final = {
    "not-found": _NOT_FOUND,
    "method-not-allowed": _NOT_FOUND,
    "other-site": (
        "送信できませんでした",
        "ほかのサイトからの送信は受け付けていません。このサイトのフォームからお送りください。",
    ),
    "bad-form": ("送信内容を読み取れませんでした", f"文字コードが UTF-8 でないか、項目が多すぎます。{_AGAIN}"),
    "bad-request": ("送信内容を読み取れませんでした", _AGAIN),
    "unknown-host": ("このアドレスではご利用いただけません", "ご案内したアドレスから、もう一度お開きください。"),
    "bad-content-type": ("送信内容を読み取れませんでした", _AGAIN),
    "bad-idempotency-key": ("送信内容を読み取れませんでした", _AGAIN),
    "no-draft": (
        "入力中の内容が見つかりません",
        "保存期間が過ぎたか、すでに送信されています。はじめのページからお進みください。",
    ),
    "draft-moved": (
        "別の端末で続けられています",
        "メールのリンクから、別の端末で入力が再開されました。この端末で入力する場合は、はじめのページからお進みください。",
    ),
    "no-copy": (
        "控えを表示できません",
        "控えは、送信したブラウザーで24時間のあいだご覧いただけます。お手元の確認メールもご利用ください。",
    ),
    "no-quote": (
        "この見積書は確認できません",
        "このアドレスの見積書を当代理店が発行したかどうかは、ここでは確認できません。アドレスが正しいかご確認のうえ、お手元に見積書がある場合は、見積番号をお電話でお知らせください。",
    ),
    "no-cookie": (
        "Cookie を有効にしてください",
        (
            "入力内容をお預かりするために Cookie を使用します。ブラウザーの設定で有効にして、もう一度お試しください。"
            "入力の途中のアドレスを別のブラウザーで開かれた場合は、はじめのページからお進みください。"
        ),
    ),
    "help-over": (
        "このリンクは使えません",
        (
            "依頼が取り消されたか、新しいリンクが送られたか、すでにお申し込みが送信されたか、期限が過ぎています。"
            "ご回答がまだ必要かどうかは、依頼された方にご確認のうえ、必要な場合は新しいリンクをお受け取りください。"
        ),
    ),
    "too-many": (
        "短い時間に多くの送信がありました",
        "入力された内容は保存されています。1時間ほどおいてから、もう一度お試しください。お急ぎの場合はお電話ください。",
    ),
    # For those of whom nothing is stored yet.
    "too-many-tries": (
        "短い時間に多くの送信がありました",
        "1時間ほどおいてから、もう一度お試しください。お急ぎの場合はお電話ください。",
    ),
    "too-many-estimates": (
        "短い時間に多くの試算がありました",
        "1分ほどおいてから、もう一度お試しください。お急ぎの場合はお電話ください。",
    ),
    "too-many-links": (
        "リンクを作る回数が多すぎます",
        "1日にお作りできる回数を超えました。入力された内容と、すでにお作りしたリンクは残っています。お急ぎの場合はお電話ください。",
    ),
    "too-many-mails": (
        "メールを送る回数が多すぎます",
        "1日にお送りできる回数を超えました。入力された内容は保存されています。お急ぎの場合はお電話ください。",
    ),
    "too-many-to-colleagues": (
        "メールを送る回数が多すぎます",
        "1時間にお送りできるのは5通までです。リンクは、ご自身のメールでもお送りいただけます。入力された内容は保存されています。",
    ),
    "mails-wait": (
        "ただいまメールをお送りできません",
        "送信が混み合っています。入力された内容は保存されています。1時間ほどおいて、もう一度お試しください。お急ぎの場合はお電話ください。",
    ),
    "internal-server-error": (
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
_API_TITLES: Final = {
    "bad-content-type": "Content-Type は application/json としてください",
    "too-large": "送信内容が大きすぎます",
    "bad-json": 'JSON として読み取れません。{"product": …, "answers": {…}} の形で送信してください',
    "bad-idempotency-key": "Idempotency-Key は1〜255文字の半角英数字・記号としてください",
    "unknown-product": "この商品は取り扱っていません",
    "unknown-request": "このお申し出は見つかりません",
    "bad-answers": "入力内容をご確認ください",
    "too-many": "短い時間に多くの送信がありました。1時間ほどおいてから同じ内容をもう一度お送りください",
    "too-many-estimates": "短い時間に多くの試算がありました。1分ほどおいてからもう一度お試しください",
    "no-estimate-now": "ただいま保険料の目安をお示しできません。しばらくしてからもう一度お試しください",
    "conflict": "この Idempotency-Key は別の内容で使用されています",
    "unavailable": "ただいま受け付けられません。しばらくしてから同じ内容をもう一度お送りください",
}
_render_json: Final = json_renderer(_API_TITLES)


def render_problem(request: Request, error: HttpProblem) -> Response:
    """Problem+json for the API, a page for everybody else."""
    if request.scope["path"].startswith("/api/"):
        return _render_json(request, error)
    product = _product_of(request)
    if error.code == "unavailable" and request.method == "POST":
        # The page has what was posted in hidden fields, and its script sends it again by itself.
        posted = getattr(request.state, "posted", [])
        title, text = _MESSAGES["unsent"]
        return html_page(
            "unsent.html", product, error.status, title=title, text=text, fields=posted, action=request.scope["path"]
        )
    title, text = _MESSAGES.get(error.code, _MESSAGES["internal-server-error"])
    return html_page("message.html", product, error.status, title=title, text=text)


def _product_of(request: Request) -> Product | None:
    """The product that the address names. Some errors come up before a route is found."""
    dependencies: Dependencies = request.app.state.dependencies
    slug = request.scope["path"].removeprefix("/").partition("/")[0]
    return dependencies.products.get(slug)
