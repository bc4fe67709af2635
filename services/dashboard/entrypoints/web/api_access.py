"""Who may read what over the API: a token in `Authorization`, and nothing else. Cookies are not read there."""

from typing import Annotated, Any, Final

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.dashboard.domain.token import ApiToken, Scope
from services.dashboard.entrypoints.web.dependencies import Deps
from shared.web.problems import HttpProblem

_BEARER: Final = HTTPBearer(auto_error=False, scheme_name="token", description="`mitsumori tokens add`")


async def _working_token(
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)], deps: Deps
) -> ApiToken:
    token = await deps.api.check_token(sent.credentials) if sent else None
    if token is None:
        # RFC 6750, 3: an error is named only where a token was sent.
        challenge = 'Bearer error="invalid_token"' if sent else "Bearer"
        raise HttpProblem(401, "bad-token", headers={"WWW-Authenticate": challenge})
    wait_s = deps.api.limiter.wait_s(token.name)
    if wait_s:
        raise HttpProblem(429, "too-many", headers={"Retry-After": str(wait_s)})
    return token


def token_with(scope: Scope) -> Any:  # noqa: ANN401  # what FastAPI takes
    """The token of a request, as a dependency. Raises `HttpProblem`: 401, 403 without *scope*, 429."""

    async def check(token: Annotated[ApiToken, Depends(_working_token)]) -> ApiToken:
        if scope not in token.scopes:
            challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
            raise HttpProblem(403, "missing-scope", headers={"WWW-Authenticate": challenge})
        return token

    return Depends(check)
