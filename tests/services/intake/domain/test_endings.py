"""Whatever IANA has given out as the ending of a domain is held, and goes on being held."""

from importlib.resources import files

import pytest

from services.intake.domain.advertisement import is_advertisement

_LISTED = (files("hypothesis") / "vendor" / "tlds-alpha-by-domain.txt").read_text(encoding="ascii").casefold()
_ENDINGS = [line for line in _LISTED.splitlines() if line and not line.startswith("#")]


def test_every_ending_of_a_domain_is_held() -> None:
    """evil.help, evil.world and evil.bet went out in the agency's name: the list was picked by hand.

    When this fails after hypothesis was updated, IANA has given out more: bring services/intake/domain/endings.py up to
    date. Inc is exempt, because companies write Mihon.Inc, and nobody buys evil.inc for 2,000 dollars.
    """
    shown = [
        end.removeprefix("xn--").encode().decode("punycode") if end.startswith("xn--") else end for end in _ENDINGS
    ]
    passed = {end for end in (*_ENDINGS, *shown) if not is_advertisement([f"evil888.{end}"], [])}

    assert len(_ENDINGS) > 1_000
    assert passed == {"inc"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "見本evil.help",
            "詳細はevil.helpへ",
            "「evil.news」",
            "evil.group株式会社",
            "sub.evil.finance",
            "EVIL.WORLD",
        ),
        *("ｅｖｉｌ．ｇａｍｅｓ", "evil。today", "evil .support", "evil . bet", "evil[.]cash", "evil (dot) casino"),
        *("evil ドット help", "e v i l . h e l p", "evil点live", "7game.bet", "e-vil.casino", "evil.ltd", "evil.ai"),
        *("例え.食品", "evil.xn--p1ai", "evil.онлайн", "evil.help?x=1"),
    ],
)
def test_a_domain_is_held_however_it_is_written(text: str) -> None:
    assert is_advertisement([text], [])
    assert is_advertisement([f"株式会社見本 {text}"], [])
    assert is_advertisement([], [text])
