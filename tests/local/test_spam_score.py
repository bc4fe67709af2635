"""What a filter thinks of our letters before it knows who sends them: SpamAssassin's own rules, without the network."""

import re
import subprocess
from typing import Final

from services.notify.domain.message import encode
from services.notify.domain.pieces import joined
from tests.local.fakes import every_letter

MOST_POINTS: Final = 1.0
"""Five are spam to SpamAssassin, as it comes."""
_SCORE: Final = re.compile(rb"^X-Spam-Status: \w+, score=(-?[\d.]+)", re.MULTILINE)
_BEGINNING: Final = b"From sender@agency.example Mon Nov 23 01:02:03 2026\n"


def scores(*mails: bytes) -> list[float]:
    mbox = b"".join(_BEGINNING + mail.replace(b"\r\n", b"\n") + b"\n" for mail in mails)
    judged = subprocess.run(
        ["spamassassin", "--local", "--mbox"], input=mbox, capture_output=True, check=True, timeout=300
    )
    found = [float(score) for score in _SCORE.findall(judged.stdout)]
    assert len(found) == len(mails), judged.stderr[-2_000:]
    return found


def test_no_letter_looks_like_spam() -> None:
    letters = {name: joined(encode(letter.email)) for name, letter in every_letter().items()}

    found = dict(zip(letters, scores(*letters.values()), strict=True))

    assert {name: score for name, score in found.items() if score >= MOST_POINTS} == {}


def test_what_is_spam_looks_like_spam() -> None:
    """A judge that never complains would let everything pass."""
    spam = (
        b"From: winner@lottery.example\r\nTo: you@agency.example\r\nSubject: YOU HAVE WON $1,000,000 DOLLARS!!!\r\n\r\n"
        b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"
    )

    [score] = scores(spam)

    assert score >= MOST_POINTS
