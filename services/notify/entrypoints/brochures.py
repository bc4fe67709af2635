"""Downloads of the brochures that mails link to."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from services.notify.domain.attachment import FileName
from services.notify.domain.brochure_links import FOLDER
from services.notify.entrypoints.problem_pages import OVER
from services.notify.usecases.fetch_brochure import FetchBrochure, NoBrochure
from shared.web.place import locate_client
from shared.web.place_limit import PlaceLimit
from shared.web.problems import HttpProblem


def brochure_route(limit: PlaceLimit) -> Route:
    """The lifespan of its app puts the use case into `app.state.fetch_brochure`. *limit* is for every request."""

    async def brochure(request: Request) -> Response:
        if not limit.allows(locate_client(request)):
            raise HttpProblem(429, "too-many", headers={"Retry-After": "60"})
        fetch: FetchBrochure = request.app.state.fetch_brochure
        found = await fetch(request.path_params["path"])
        match found:
            case NoBrochure("over", product):
                raise HttpProblem(410, OVER, product=product)
            case NoBrochure():
                raise HttpProblem(404, "not-found")
        headers = {"Content-Disposition": _disposition(found.name)}
        return FileResponse(found.path, headers=headers, media_type="application/pdf")

    return Route(f"/{FOLDER}/{{path:path}}", brochure)


def _disposition(name: FileName) -> str:
    """As RFC 6266 says it: the name in ASCII first, for what knows no other."""
    return f"attachment; filename=\"{name.plain}\"; filename*=UTF-8''{quote(name.shown, safe='-._~')}"
