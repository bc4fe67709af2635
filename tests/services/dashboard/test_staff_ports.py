"""What the ports around staff promise, held against memory and a real Mongo."""

from datetime import timedelta

import pytest

from services.dashboard.adapters.argon import ArgonPasswords
from services.dashboard.adapters.mongo_staff import MongoAccounts, MongoAudit, MongoSessions, MongoTries
from services.dashboard.ports import Accounts, Passwords, Sessions, Tries
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import NOON, REQUEST
from tests.services.dashboard.fakes import InMemoryAccounts, InMemorySessions, InMemoryTries, PlainPasswords

pytestmark = pytest.mark.anyio

LATER = NOON + timedelta(hours=12)


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


class TestInMemoryAccounts(AccountsSpec):
    @pytest.fixture
    def accounts(self) -> Accounts:
        return InMemoryAccounts()


class TestMongoAccounts(AccountsSpec):
    @pytest.fixture
    def accounts(self, database: Database) -> Accounts:
        return MongoAccounts(database)


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


class TestInMemorySessions(SessionsSpec):
    @pytest.fixture
    def sessions(self) -> Sessions:
        return InMemorySessions()


class TestMongoSessions(SessionsSpec):
    @pytest.fixture
    async def sessions(self, database: Database) -> Sessions:
        """Without `prepare`: Mongo's own clock would clear away sessions of the tests' time."""
        return MongoSessions(database)


class TriesSpec:
    async def test_a_try_sees_the_others_of_its_account_and_not_itself(self, tries: Tries) -> None:
        await tries.begin("boss", NOON, NOON - timedelta(hours=1))
        _, first = await tries.begin("desk", NOON, NOON - timedelta(hours=1))

        _, second = await tries.begin("desk", NOON + timedelta(minutes=1), NOON - timedelta(hours=1))

        assert (first, second) == ((), (NOON,))

    async def test_tries_before_the_asked_time_are_not_seen(self, tries: Tries) -> None:
        await tries.begin("desk", NOON, NOON)

        _, others = await tries.begin("desk", NOON + timedelta(hours=1), NOON)

        assert others == ()

    async def test_withdrawn_and_forgiven_tries_do_not_count(self, tries: Tries) -> None:
        await tries.begin("desk", NOON, NOON - timedelta(hours=1))
        await tries.forgive("desk")
        this, _ = await tries.begin("desk", NOON, NOON - timedelta(hours=1))
        await tries.withdraw(this)

        _, others = await tries.begin("desk", NOON, NOON - timedelta(hours=1))

        assert others == ()


class TestInMemoryTries(TriesSpec):
    @pytest.fixture
    def tries(self) -> Tries:
        return InMemoryTries()


class TestMongoTries(TriesSpec):
    @pytest.fixture
    def tries(self, database: Database) -> Tries:
        return MongoTries(database)

    async def test_a_password_in_the_name_field_does_not_lie_in_the_ledger(self, database: Database) -> None:
        await MongoTries(database).begin("my-secret-password", NOON, NOON)

        assert "my-secret-password" not in str(await database["tries"].find().to_list(None))


class PasswordsSpec:
    async def test_only_the_right_password_is_right(self, passwords: Passwords) -> None:
        hashed = await passwords.hash("correct-horse")

        assert await passwords.verify(hashed, "correct-horse") is True
        assert await passwords.verify(hashed, "wrong-horse") is False

    async def test_nobody_has_no_password(self, passwords: Passwords) -> None:
        """Nor is the stand-in that is hashed for nobody a password of theirs."""
        assert await passwords.verify(None, "nobody's password") is False


class TestPlainPasswords(PasswordsSpec):
    @pytest.fixture
    def passwords(self) -> Passwords:
        return PlainPasswords()


class TestArgonPasswords(PasswordsSpec):
    @pytest.fixture
    def passwords(self) -> Passwords:
        return ArgonPasswords()

    async def test_passwords_are_kept_as_salted_argon2id(self, passwords: Passwords) -> None:
        one, two = await passwords.hash("correct-horse"), await passwords.hash("correct-horse")

        assert one.startswith("$argon2id$")
        assert one != two

    async def test_a_damaged_hash_lets_nobody_in(self, passwords: Passwords) -> None:
        assert await passwords.verify("not a hash", "correct-horse") is False


async def test_the_audit_keeps_every_act(database: Database) -> None:
    audit = MongoAudit(database)

    for _ in range(2):
        await audit.note("opened-case", NOON, "desk", REQUEST)

    documents = await database["audit"].find({}, {"_id": 0}).to_list(None)
    assert documents == [{"act": "opened-case", "at": NOON, "account": "desk", "request_id": REQUEST}] * 2
