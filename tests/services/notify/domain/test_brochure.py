"""Which brochures go with a mail, and which it has links to."""

import pytest

from services.notify.domain.brochure import divided
from tests.services.notify.builders import a_brochure

SMALL, MIDDLE, BIG = (a_brochure(bytes(size), title=str(size)) for size in (10, 20, 40))


@pytest.mark.parametrize(
    ("most_bytes", "enclosed"),
    [
        pytest.param(70, ["40", "10", "20"], id="all fit, to the byte"),
        pytest.param(69, ["10", "20"], id="one byte too much: the biggest becomes a link"),
        pytest.param(29, ["10"], id="only the smallest fits"),
        pytest.param(0, [], id="no room at all"),
    ],
)
def test_as_many_go_with_the_mail_as_fit_the_smallest_first(most_bytes: int, enclosed: list[str]) -> None:
    brochures = (BIG, SMALL, MIDDLE)

    inside, linked = divided(brochures, most_bytes)

    assert [one.title for one in inside] == enclosed
    assert [one.title for one in linked] == [one.title for one in brochures if one.title not in enclosed]
