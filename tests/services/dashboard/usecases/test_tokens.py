"""Tokens of other programs: shown once, kept as a digest, taken back at once, and recorded."""

from datetime import timedelta

import pytest

from services.dashboard.domain.token import Scope
from services.dashboard.usecases.tokens import LONGEST, CheckToken, MakeToken, RevokeToken
from shared.errors import Invalid
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.fakes import InMemoryDashboard

pytestmark = pytest.mark.anyio

READ = frozenset({Scope.CASES_READ})
MONTH = timedelta(days=30)


async def make(
    dashboard: InMemoryDashboard, name: str = "board", scopes: frozenset[Scope] = READ, lasts: timedelta = MONTH
) -> str:
    return await MakeToken(tokens=dashboard.tokens, audit=dashboard.audit, now=dashboard.now)(name, scopes, lasts)


async def test_a_token_is_kept_as_a_digest_only_and_recorded() -> None:
    dashboard = InMemoryDashboard()

    secret = await make(dashboard)

    assert len(secret) > 43
    assert secret not in str(dashboard.tokens)
    assert dashboard.audit.acts == [("token-made", "api:board", None)]


async def test_a_token_works_until_its_end() -> None:
    dashboard = InMemoryDashboard(time=NOON)
    check, secret = CheckToken(dashboard.tokens, dashboard.now), await make(dashboard)

    dashboard.time = NOON + MONTH - timedelta(seconds=1)
    before = await check(secret)
    dashboard.time = NOON + MONTH

    assert before is not None
    assert before.scopes == READ
    assert await check(secret) is None


async def test_a_revoked_token_is_refused_at_once_and_its_name_is_not_given_again() -> None:
    dashboard = InMemoryDashboard()
    check, secret = CheckToken(dashboard.tokens, dashboard.now), await make(dashboard)
    revoke = RevokeToken(tokens=dashboard.tokens, audit=dashboard.audit, now=dashboard.now)

    await revoke("board")

    assert await check(secret) is None
    assert dashboard.audit.acts[-1] == ("token-revoked", "api:board", None)
    with pytest.raises(Invalid, match="no-such-token"):
        await revoke("board")
    with pytest.raises(Invalid, match="name-taken"):
        await make(dashboard)


async def test_the_last_use_is_noted_to_the_minute() -> None:
    dashboard = InMemoryDashboard(time=NOON)
    check, secret = CheckToken(dashboard.tokens, dashboard.now), await make(dashboard)
    used = []

    for seconds in (0, 59, 60):
        dashboard.time = NOON + timedelta(seconds=seconds)
        await check(secret)
        used += [token.used_at for token in await dashboard.tokens.all()]

    assert used == [NOON, NOON, NOON + timedelta(minutes=1)]


@pytest.mark.parametrize(
    ("name", "scopes", "lasts", "reason"),
    [
        ("Board", READ, MONTH, "bad-name"),
        ("a:b", READ, MONTH, "bad-name"),
        ("board", frozenset(), MONTH, "bad-scopes"),
        ("board", frozenset({Scope.CASES_CONTACT}), MONTH, "bad-scopes"),
        ("board", READ, timedelta(), "bad-end"),
        ("board", READ, LONGEST + timedelta(days=1), "bad-end"),
    ],
)
async def test_a_token_that_makes_no_sense_is_not_made(
    name: str, scopes: frozenset[Scope], lasts: timedelta, reason: str
) -> None:
    dashboard = InMemoryDashboard()

    with pytest.raises(Invalid, match=reason):
        await make(dashboard, name, scopes, lasts)

    assert dashboard.tokens.tokens == {}


@pytest.mark.parametrize("secret", ["", "mitsumori_", "mitsumori_" + "x" * 43, "other"])
async def test_what_is_no_token_of_ours_opens_nothing(secret: str) -> None:
    dashboard = InMemoryDashboard()
    await make(dashboard)

    assert await CheckToken(dashboard.tokens, dashboard.now)(secret) is None
