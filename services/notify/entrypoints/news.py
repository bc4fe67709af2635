"""The page on which whoever gets our mails stops the news, and the one click of mail programs (RFC 8058).

The link is all that is needed: no login, no cookie, no token against foreign sites, because whoever has it may do it.
GET changes nothing, since programs that scan mails open links. POST answers at once, without a redirect, whatever its
body says: an opt-out must never be lost for a reason of form.
"""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from services.notify.domain.news_links import FOLDER
from services.notify.entrypoints.page import page, paragraph
from services.notify.entrypoints.problem_pages import NO_NEWS_LINK
from services.notify.usecases.opt_out import FindNewsState, NewsState, OptOut
from shared.products import Agency
from shared.web.place import locate_client
from shared.web.place_limit import PlaceLimit
from shared.web.problems import HttpProblem

_PATH: Final = f"/{FOLDER}/{{token:path}}"
_WHOSE: Final = "対象は、このページのURLが記載されたメールをお受け取りになったメールアドレスです。"
_OTHERS: Final = "資料のご請求やお見積りに関するメールは、これまでどおりお送りします。"
_ASKS: Final = (
    paragraph(f"「配信を停止する」を押すと、新商品やセミナーなどのご案内メールは届かなくなります。{_WHOSE}"),
    paragraph(_OTHERS),
    (
        '<form method="post"><p><input type="hidden" name="List-Unsubscribe" value="One-Click">'
        "<button>配信を停止する</button></p></form>"
    ),
)
_SAYS: Final = (
    paragraph(f"新商品やセミナーなどのご案内メールは、お送りしません。{_WHOSE}"),
    paragraph(_OTHERS),
    paragraph("あらためてご希望の場合は、資料請求・お見積りのフォームで、ご案内メールを「希望する」とお選びください。"),
)


def asking_page(agency: Agency | None) -> str:
    """With the button."""
    return page("ご案内メールの停止", *_ASKS, agency=agency)


def stopped_page(agency: Agency | None, *, title: str = "ご案内メールは停止しています") -> str:
    """That there are no news any more, and how to get them again."""
    return page(title, *_SAYS, agency=agency)


def news_routes(agencies: Mapping[str, Agency], limit: PlaceLimit) -> list[Route]:
    """The lifespan of their app puts the use cases into `app.state.find_news` and `app.state.opt_out`.

    *agencies*: by product. *limit* is for whoever tries links that are none: mail providers send the clicks of many
    people from one place.
    """

    def ours(request: Request, state: NewsState | None) -> NewsState:
        if state is not None:
            return state
        if not limit.allows(locate_client(request)):
            raise HttpProblem(429, "too-many", headers={"Retry-After": "60"})
        raise HttpProblem(404, NO_NEWS_LINK)

    async def show(request: Request) -> Response:
        find: FindNewsState = request.app.state.find_news
        state = ours(request, await find(request.path_params["token"]))
        shown = stopped_page if state.has_opted_out else asking_page
        return HTMLResponse(shown(agencies.get(state.product)))

    async def stop(request: Request) -> Response:
        opt_out: OptOut = request.app.state.opt_out
        state = ours(request, await opt_out(request.path_params["token"]))
        return HTMLResponse(stopped_page(agencies.get(state.product), title="ご案内メールを停止しました"))

    return [Route(_PATH, show, methods=["GET"]), Route(_PATH, stop, methods=["POST"])]
