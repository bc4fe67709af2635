"""Passwords are hashed slowly, and in memory just as they are."""

import pytest

from services.dashboard.adapters.argon import ArgonPasswords
from services.dashboard.ports.staff import Passwords
from tests.services.dashboard.fakes import PlainPasswords
from tests.services.dashboard.specs import PasswordsSpec

pytestmark = pytest.mark.anyio


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
