"""Which passwords are refused."""

import pytest

from services.dashboard.domain.common_passwords import COMMON
from services.dashboard.domain.passwords import SHORTEST, Weakness, weakness


@pytest.mark.parametrize(
    ("password", "weak"),
    [
        pytest.param("eleven-char", "too-short", id="eleven characters"),
        pytest.param("twelve-chars", None, id="twelve characters"),
        pytest.param("長い合言葉をひとつ決めます", None, id="Japanese"),
        pytest.param("x-y-z" * 26, "too-long", id="130 characters"),
        pytest.param("1q2w3e4r5t6y", "common", id="a row of keys"),
        pytest.param("PassWord1234", "common", id="in capitals too"),
        pytest.param("abababababababab", "common", id="two characters"),
        pytest.param("my-Tanaka-pass", "has-name", id="the log-in name"),
        pytest.param("suzuki-and-me", None, id="another name"),
    ],
)
def test_a_password_is_long_uncommon_and_not_the_name(password: str, weak: Weakness | None) -> None:
    assert weakness(password, "tanaka") == weak


def test_a_name_of_two_letters_may_be_in_a_password() -> None:
    assert weakness("a-long-password", "pa") is None


def test_the_list_of_common_ones_is_compared_without_case_and_has_no_short_ones() -> None:
    assert {word for word in COMMON if word and (word != word.lower() or len(word) < SHORTEST)} == set()
