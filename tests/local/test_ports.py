"""The ports that people type."""

import secrets

import pytest

from local import children
from local.children import CannotStart, is_listening
from local.ports import Ports


@pytest.mark.parametrize("base", [-1, 65_534, 70_000])
def test_a_number_that_is_no_port_is_refused(base: int) -> None:
    with pytest.raises(CannotStart, match="--port-base"):
        Ports.from_base(base)


def test_the_port_that_is_suggested_instead_is_one() -> None:
    with pytest.raises(CannotStart, match="例: --port-base 64534"):
        Ports.from_base(65_534)


def test_a_port_that_a_page_will_have_is_given_to_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked at when `make run` starts, and the page listens on it some seconds later."""
    base = next(base for base in range(10_000, 19_990) if not any(map(is_listening, range(base, base + 4))))
    monkeypatch.setattr(children, "_PORTS", range(base, base + 4))
    drawn = iter(range(4))
    monkeypatch.setattr(secrets, "randbelow", lambda _most: next(drawn))

    Ports.from_base(base)

    assert children.free_port() == base + 3
