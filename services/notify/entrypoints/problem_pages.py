"""What somebody sees in place of a brochure, or of the page about news: why there is none, and what to do."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.notify.entrypoints.page import page, paragraph
from shared.products import Agency
from shared.web.problems import HttpProblem, Renderer

OVER: Final = "link-over"
"""The code of a link to a brochure that we made and that does not hold any more."""
NO_NEWS_LINK: Final = "no-news-link"
"""The code of whatever is no link to the page about news."""

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "not-found": (
        "資料が見つかりません",
        "URLの一部が欠けていないか、メールに記載のURLをご確認のうえ、もう一度お試しください。",
    ),
    NO_NEWS_LINK: (
        "ご案内メールのお手続きのページが見つかりません",
        "URLの一部が欠けていないか、メールに記載のURLをご確認のうえ、もう一度お試しください。",
    ),
    OVER: (
        "ダウンロードの期限が過ぎています",
        (
            "この資料は、ダウンロードの期限が過ぎたため、ご覧いただけません。"
            "お手数ですが、あらためてご請求いただくか、下記の窓口までご連絡ください。"
        ),
    ),
    "too-many": ("アクセスが集中しています", "恐れ入りますが、しばらくしてからもう一度お試しください。"),
    "unavailable": ("ただいまご利用いただけません", "恐れ入りますが、しばらくしてからもう一度お試しください。"),
}
_OTHER: Final = ("ページを表示できません", "恐れ入りますが、メールに記載のURLをご確認ください。")


def page_renderer(agencies: Mapping[str, Agency]) -> Renderer:
    """Writes these pages. *agencies*: by product.

    Who is to be called is said only on a page about a link of ours: the page of any other link is always the same.
    """

    def render(_request: Request, problem: HttpProblem) -> Response:
        title, text = _WORDS.get(problem.code, _OTHER)
        agency = agencies.get(str(problem.members.get("product", "")))
        return HTMLResponse(page(title, paragraph(text), agency=agency), problem.status)

    return render
