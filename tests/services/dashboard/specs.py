"""What the dashboard's ports promise, held against memory and against the real adapters."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import pytest

from services.dashboard.domain.case import State, case_of
from services.dashboard.domain.facts import Fact
from services.dashboard.ports import Accounts, Cases, Decisions, Passwords, Sessions, Tries
from tests.services.dashboard.builders import NOON, REQUEST, a_referral, a_release, a_request, a_whole_story, an_offer

STORY: Final = a_whole_story()
LATER: Final = NOON + timedelta(hours=12)


async def add_all(cases: Cases, facts: Sequence[Fact]) -> None:
    for fact in facts:
        await cases.add(fact)


class CasesSpec:
    async def test_a_fact_is_kept_once(self, cases: Cases) -> None:
        first = await cases.add(STORY[0])
        again = await cases.add(STORY[0])

        assert (first, again) == (True, False)
        assert (await cases.page(None, 0, 50)).total == 1

    @pytest.mark.parametrize("turn", range(len(STORY)))
    async def test_the_case_is_the_same_whichever_fact_came_first(self, cases: Cases, turn: int) -> None:
        await add_all(cases, [*STORY[turn:], *STORY[:turn], *STORY[:3]])

        assert await cases.find(REQUEST) == case_of(STORY)

    async def test_a_quote_before_its_request_is_not_listed_and_not_lost(self, cases: Cases) -> None:
        await cases.add(an_offer(67_000))
        before = await cases.page(None, 0, 50), await cases.find(REQUEST)

        await cases.add(a_request())

        assert (before[0].total, before[1]) == (0, None)
        [case] = (await cases.page(None, 0, 50)).cases
        assert case.premium_yen == 67_000

    async def test_an_unknown_case_is_none(self, cases: Cases) -> None:
        assert await cases.find("nobody") is None

    async def test_the_newest_case_comes_first_and_pages_do_not_overlap(self, cases: Cases) -> None:
        for number in range(5):
            await cases.add(a_request(f"case-{number}", at=NOON + timedelta(minutes=number % 3)))

        pages = [await cases.page(None, skip, 2) for skip in (0, 2, 4, 6)]

        order = [case.request.request_id for page in pages for case in page.cases]
        assert order == ["case-2", "case-4", "case-1", "case-3", "case-0"]
        assert [page.total for page in pages] == [5, 5, 5, 5]

    @pytest.mark.parametrize("state", State)
    async def test_the_filter_finds_the_cases_whose_state_it_names(self, cases: Cases, state: State) -> None:
        await add_all(cases, [a_request("received"), a_request("documents_only", quote=False)])
        await add_all(cases, [a_request("quoted"), a_referral(request_id="quoted")])
        await add_all(cases, [an_offer(request_id="quoted", revision=2)])
        await add_all(cases, [a_request("referred"), an_offer(request_id="referred")])
        await add_all(cases, [a_referral(request_id="referred", revision=2)])

        page = await cases.page(state, 0, 50)

        assert [(case.request.request_id, case.state) for case in page.cases] == [(state.value, state)]
        assert page.total == 1

    async def test_the_list_can_be_narrowed_to_what_somebody_should_look_at(self, cases: Cases) -> None:
        await add_all(cases, [a_request("plain"), an_offer(request_id="plain")])
        await add_all(cases, [a_request("odd", suspicions=("no-start",)), an_offer(request_id="odd")])
        await add_all(cases, [a_request("odd-referral", suspicions=("too-fast",), at=NOON - timedelta(minutes=1))])
        await add_all(cases, [a_referral(request_id="odd-referral")])

        pages = [await cases.page(state, 0, 50, suspicious=True) for state in (None, State.QUOTED, State.RECEIVED)]

        ids = [[case.request.request_id for case in page.cases] for page in pages]
        assert ids == [["odd", "odd-referral"], ["odd"], []]
        assert [page.total for page in pages] == [2, 1, 0]


class DecisionsSpec:
    async def test_a_quote_is_released_once(self, cases: Cases, decisions: Decisions) -> None:
        await add_all(cases, [a_request(), an_offer()])

        first = await decisions.add(a_release())
        again = await decisions.add(a_release())

        assert (first, again) == (True, False)
        case = await cases.find(REQUEST)
        assert case is not None
        assert case.unreleased is None


class AccountsSpec:
    async def test_a_name_is_given_once(self, accounts: Accounts) -> None:
        first = await accounts.add("desk", "one", NOON)
        again = await accounts.add("desk", "two", NOON)

        assert (first, again) == (True, False)
        assert await accounts.password_hash("desk") == "one"

    async def test_a_new_password_replaces_the_old(self, accounts: Accounts) -> None:
        await accounts.add("desk", "one", NOON)

        await accounts.set_password("desk", "two", LATER)

        assert await accounts.password_hash("desk") == "two"

    async def test_a_stranger_has_no_password(self, accounts: Accounts) -> None:
        assert await accounts.password_hash("stranger") is None


class SessionsSpec:
    async def test_a_session_is_its_accounts_until_it_ends(self, sessions: Sessions) -> None:
        await sessions.begin("digest", "desk", NOON, LATER)

        assert await sessions.account("digest", LATER - timedelta(seconds=1)) == "desk"
        assert await sessions.account("digest", LATER) is None
        assert await sessions.account("another", NOON) is None

    async def test_an_ended_session_is_nobodys(self, sessions: Sessions) -> None:
        await sessions.begin("digest", "desk", NOON, LATER)

        await sessions.end("digest")

        assert await sessions.account("digest", NOON) is None

    async def test_all_sessions_of_one_account_can_be_ended(self, sessions: Sessions) -> None:
        for digest, account in (("one", "desk"), ("two", "desk"), ("three", "boss")):
            await sessions.begin(digest, account, NOON, LATER)

        await sessions.end_all("desk")

        assert [await sessions.account(digest, NOON) for digest in ("one", "two", "three")] == [None, None, "boss"]


class TriesSpec:
    async def test_a_try_sees_the_others_of_its_account_and_not_itself(self, tries: Tries) -> None:
        await tries.count("boss", NOON, NOON - timedelta(hours=1))
        _, first = await tries.count("desk", NOON, NOON - timedelta(hours=1))

        _, second = await tries.count("desk", NOON + timedelta(minutes=1), NOON - timedelta(hours=1))

        assert (first, second) == ((), (NOON,))

    async def test_tries_before_the_asked_time_are_not_seen(self, tries: Tries) -> None:
        await tries.count("desk", NOON, NOON)

        _, others = await tries.count("desk", NOON + timedelta(hours=1), NOON)

        assert others == ()

    async def test_withdrawn_and_forgiven_tries_do_not_count(self, tries: Tries) -> None:
        await tries.count("desk", NOON, NOON - timedelta(hours=1))
        await tries.clear("desk")
        this, _ = await tries.count("desk", NOON, NOON - timedelta(hours=1))
        await tries.uncount(this)

        _, others = await tries.count("desk", NOON, NOON - timedelta(hours=1))

        assert others == ()


class PasswordsSpec:
    async def test_only_the_right_password_is_right(self, passwords: Passwords) -> None:
        hashed = await passwords.hash("correct-horse")

        assert await passwords.verify(hashed, "correct-horse") is True
        assert await passwords.verify(hashed, "wrong-horse") is False

    async def test_nobody_has_no_password(self, passwords: Passwords) -> None:
        """Not even the password that is hashed in place of a missing one."""
        assert await passwords.verify(None, "nobody's password") is False
