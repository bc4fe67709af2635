"""Keeps the tokens of other programs without the dashboard's process: for `mitsumori tokens …`."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.adapters.mongo_tokens import MongoTokens
from services.dashboard.domain.token import ApiToken, Scope
from services.dashboard.usecases.tokens import MakeToken, RevokeToken
from services.registry import service
from shared.clock import utc_now
from shared.runtime.adapters.mongo import Database, connect


async def add_token(mongo: str, name: str, scopes: frozenset[Scope], lasts: timedelta) -> str:
    """The new token. Raises `Invalid`: bad-name, bad-scopes, bad-end, name-taken."""
    async with _database(mongo) as database:
        tokens = MongoTokens(database)
        await tokens.prepare()
        return await MakeToken(tokens=tokens, audit=MongoAudit(database), now=utc_now)(name, scopes, lasts)


async def list_tokens(mongo: str) -> Sequence[ApiToken]:
    """Every token, by name."""
    async with _database(mongo) as database:
        return await MongoTokens(database).all()


async def revoke_token(mongo: str, name: str) -> None:
    """Raises `Invalid` (no-such-token)."""
    async with _database(mongo) as database:
        await RevokeToken(tokens=MongoTokens(database), audit=MongoAudit(database), now=utc_now)(name)


@asynccontextmanager
async def _database(mongo: str) -> AsyncIterator[Database]:
    async with connect(mongo, service("dashboard").database) as database:
        yield database
