"""An insurer is renamed on a day: a mail is signed with the name of the day it is written, as the 見積書 bears it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from shared.products import Insurer
from tests.services.notify.builders import PRODUCT, a_link, a_request, an_offer
from tests.services.notify.fakes import Writing

pytestmark = pytest.mark.anyio

RENAMED = replace(
    PRODUCT,
    insurers=(
        Insurer("みほん火災", date(2010, 10, 1)),
        Insurer("みほん損保", date(2026, 11, 24)),
        Insurer("みほんグループ損保", date(2027, 4, 1)),
    ),
)


async def test_the_signature_has_the_name_of_the_day_of_the_letter(tmp_path: Path) -> None:
    """The name was for ever the first that is listed: the mail named one insurer, the 見積書 in it another."""
    writing = Writing(tmp_path, product=RENAMED)

    await writing.receive(a_request(parcel=writing.keys.parcel()))
    writing.clock.advance(days=1)
    await writing.receive(an_offer(), a_link(writing.keys.link()))

    names = {kind: insurer_of(writing, kind) for kind in ("receipt", "quote", "resume")}
    assert names == {"receipt": "みほん火災", "quote": "みほん損保", "resume": "みほん損保"}


def insurer_of(writing: Writing, kind: str) -> str:
    [line] = [line for line in writing.text(kind).splitlines() if line.startswith("引受保険会社")]
    return line.removeprefix("引受保険会社　")
