import re

import pytest

from services.intake.domain.reception import reception_no


@pytest.mark.parametrize("draw", range(40))
def test_a_reception_number_can_be_read_out_on_the_phone(draw: int) -> None:
    def chance(size: int) -> int:
        return (draw * 53_633_867 + 3) % size

    either, digit = "[ACEFGHJKMNPRTWXY34679]{2}", "[34679]"

    assert re.fullmatch(f"{either}{digit}{either}{digit}{either}", reception_no(chance))
