"""Who is not the user of the services is told so in one sentence, and sees no traceback."""

import errno
from collections import UserDict
from collections.abc import ItemsView, Mapping
from pathlib import Path

import pytest

from local.doctor.diagnose import diagnose
from local.doctor.surroundings import Surroundings, look_around
from local.support_bundle import logs_in
from shared.clock import utc_now
from shared.errors import Invalid
from tests.local.another_user import as_another_user, folder_of_all

SAME_USER = r"を読めません。サービスと同じ利用者で実行してください。"


def test_a_data_folder_of_another_user_is_named() -> None:
    with folder_of_all() as data, as_another_user(data), pytest.raises(Invalid, match=f"^{data}.*{SAME_USER}"):
        look_around(data)


def test_a_folder_of_keys_of_another_user_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with folder_of_all() as keys:
        monkeypatch.setenv("MITSUMORI_KEYS", str(keys))

        with as_another_user(keys), pytest.raises(Invalid, match=f"^{keys}.*{SAME_USER}"):
            look_around(keys / "no-data")


class OfAnotherUser(UserDict[str, Mapping[str, str]]):
    """Settings whose reading opens a file that may not be read."""

    def items(self) -> ItemsView[str, Mapping[str, str]]:
        raise PermissionError(errno.EACCES, "Permission denied", "/srv/products")


@pytest.mark.anyio
async def test_a_file_of_another_user_that_a_check_needs_is_named(tmp_path: Path) -> None:
    around = Surroundings(
        data=tmp_path,
        runs=False,
        has_own_mongo=False,
        mongo=None,
        kafka=None,
        environments=OfAnotherUser(),
        keys={},
        products=None,
        is_in_container=False,
    )

    with pytest.raises(Invalid, match=f"^/srv/products {SAME_USER}"):
        await diagnose(around, utc_now)


def test_a_log_of_another_user_is_left_out_of_the_bundle_which_says_so() -> None:
    with folder_of_all() as data:
        data.joinpath("logs").mkdir()
        for name in ("intake", "rating"):
            data.joinpath("logs", f"{name}.log").write_text("a\n", "utf-8")

        with as_another_user(data / "logs" / "rating.log"):
            found = logs_in(data)

    assert set(found) == {"logs/intake.log", "logs/rating.log"}
    assert found["logs/intake.log"] == b"a\n"
    assert "rating.log を読めません。サービスと同じ利用者で実行してください。" in found["logs/rating.log"].decode()
