"""The ports that people type."""

import pytest

from local.children import CannotStart
from local.ports import Ports


@pytest.mark.parametrize("base", [-1, 65_534, 70_000])
def test_a_number_that_is_no_port_is_refused(base: int) -> None:
    with pytest.raises(CannotStart, match="--port-base"):
        Ports.from_base(base)


def test_the_port_that_is_suggested_instead_is_one() -> None:
    with pytest.raises(CannotStart, match="例: --port-base 64534"):
        Ports.from_base(65_534)
