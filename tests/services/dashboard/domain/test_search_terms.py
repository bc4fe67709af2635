"""Every usual way of writing finds the case: by its terms, and again when the case has been opened."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dashboard.domain.search_keys import SearchKeys
from services.dashboard.domain.search_terms import matches, terms_of_case, terms_of_query
from shared.events.parcels import Contact
from shared.name_keys import name_key
from tests.hostile_texts import RANDOM_TEXTS
from tests.services.dashboard.builders import CONTACT

KEYS: Final = SearchKeys({"desk-1": b"1" * 32})
RECEPTION_NO: Final = "KM4RP6X7"
QUOTE_NOS: Final = (f"{RECEPTION_NO}-1", f"{RECEPTION_NO}-12")


def a_contact(**fields: str) -> Contact:
    return Contact.model_validate({**CONTACT, **fields})


def is_found(asked: str, contact: Contact | None) -> bool:
    """By what is stored and asked of the database first; then by what is checked in the opened case."""
    stored = set(KEYS.of_case(terms_of_case(contact, RECEPTION_NO, QUOTE_NOS)))
    query = terms_of_query(asked)
    is_candidate = any(stored.issuperset(hashes) for hashes in KEYS.of_query(query))
    return is_candidate and matches(query, contact, RECEPTION_NO, QUOTE_NOS)


@pytest.mark.parametrize(
    "asked",
    [
        *(
            RECEPTION_NO,
            "km4rp6x7",
            "ＫＭ４ＲＰ６Ｘ７",
            "KM4R-P6X7",
            " km4r p6x7　",
            "KM4R－P6X7",
            "受付番号：KM4RP6X7",
        ),
        *("KMARP6X7", "KM4RPGX7", "KM4RP6X1", "KM4RP6Xl", "kmarpgxi"),
        *(
            "KM4RP6X7-1",
            "km4rp6x7-12",
            "KM4RP6X7－１",
            "KM4RP6X7ー1",
            "KM4R-P6X7-1",
            "KM4RP6X7-01",
            "見積番号 KM4RP6X7-1",
        ),
    ],
)
def test_a_number_is_found_as_it_is_read_out_and_copied(asked: str) -> None:
    assert is_found(asked, a_contact())
    assert is_found(asked, None)


@pytest.mark.parametrize("asked", ["KM4RP6X3", "KM4RP6X", "KM4RP6X7-2", "KM4R6PX7", "MK4RP6X7", "KM4RP6X7-12345"])
def test_another_number_is_not_found(asked: str) -> None:
    assert not is_found(asked, a_contact())


NAMES: Final = [
    ("株式会社カナリア商会", "カナリア"),
    ("株式会社カナリア商会", "かなりあ商会"),
    ("株式会社カナリア商会", "ｶﾅﾘｱ商会"),
    ("株式会社カナリア商会", "㈱カナリア商会"),
    ("株式会社カナリア商会", "（株）カナリア商会"),
    ("株式会社カナリア商会", "(株) カナリア商会"),
    ("株式会社カナリア商会", "カナリア商会株式会社"),
    ("株式会社カナリア商会", "カナリア商会"),
    ("株式会社カナリア商会", "株式会社カナリア"),
    ("株式会社カナリア商会", "株式会社　カナリア　商会"),
    ("株式会社カナリア商会", "カナリア・商会"),
    ("株式会社カナリア商会", "カナリア-商会"),
    ("株式会社カナリア商会", "㍿カナリア商会"),
    ("株式会社カナリア商会", "株式會社カナリア商會"),
    ("株式会社カナリア商会", "会社カナリア"),
    ("株式会社カナリア商会", "株式会社カナ"),
    ("株式会社カナリア商会", "商"),
    ("株式会社カナリア商会", "商会"),
    ("㈱見本システムズ", "株式会社見本ｼｽﾃﾑｽﾞ"),
    ("見本工業（株）", "見本工業"),
    ("見本工業（株）", "株式会社見本工業"),
    ("見本工業株式会社", "見本工業株"),
    ("見本㈱東京支店", "見本東京"),
    ("有限会社見本", "(有)見本"),
    ("合同会社見本", "見本"),
    ("医療法人社団見本会", "見本会"),
    ("一般社団法人見本協会", "(一社)見本協会"),
    ("株式会社サンプルコンピューター", "サンプルコンピュータ"),
    ("株式会社サンプルコンピュータ", "サンプル・コンピューター"),
    ("キヤノン見本株式会社", "キャノン"),
    ("シャチハタ見本", "シヤチハタ"),
    ("ヱビス見本", "エビス"),
    ("ヴィラ見本", "ゔぃら"),
    ("霞ケ関見本", "霞ヶ関"),
    ("ABC Sample Co., Ltd.", "abc sample"),
    ("ABC Sample Co., Ltd.", "ＡＢＣ　ｓａｍｐｌｅ"),
    ("ABC-Sample Inc.", "ABCSample"),
    ("Ｓａｍｐｌｅ１２３", "sample123"),
    ("Café見本", "cafe見本"),
    ("髙﨑製作所", "高崎製作所"),
    ("高崎製作所", "髙﨑"),
    ("横濱澤邊工業", "横浜沢辺"),
    ("横浜沢辺工業", "横濱澤邉"),
    ("國際廣告社", "国際広告"),
    ("佐々木商店", "佐佐木"),
    ("葛󠄀城見本", "葛城"),
    ("⽥中⾦属", "田中金属"),
    ("𠮷野家具", "吉野"),
    ("株式会社", "株式会社"),
]


@pytest.mark.parametrize(("company", "asked"), NAMES)
def test_a_company_is_found_however_its_name_is_written(company: str, asked: str) -> None:
    assert is_found(asked, a_contact(company=company))


@pytest.mark.parametrize(
    ("company", "asked"),
    [
        pytest.param("株式会社カナリア商会", "株式会社", id="a legal form alone would find everybody"),
        pytest.param("株式会社カナリア商会", "会社", id="nor does a piece of it"),
        pytest.param("株式会社カナリア商会", "㈱", id="nor its sign"),
        pytest.param("株式会社カナリア商会", "カナリユ", id="another kana"),
        pytest.param("株式会社カナリア商会", "商会カナリア", id="the parts in another order"),
        pytest.param("アイウ商事イウエ", "アイウエ", id="every piece of three, but not side by side"),
        pytest.param("東京システム", "東京シスタム", id="one kana differs"),
        pytest.param("社会見本", "会社見本", id="what looks like a piece of a legal form"),
        pytest.param("坂本見本", "阪本", id="two kanji that are two names"),
        pytest.param("見本", "見本商事", id="more than the name"),
        pytest.param("見本", "", id="nothing"),
        pytest.param("見本", " 　・ー", id="nothing that counts"),
        pytest.param("見本" * 200, "見本" * 101, id="longer than anybody types"),
    ],
)
def test_another_company_is_not_found(company: str, asked: str) -> None:
    assert not is_found(asked, a_contact(company=company))


@pytest.mark.parametrize(
    ("person", "asked"),
    [
        *(
            ("金糸雀 花子", "金糸雀"),
            ("金糸雀 花子", "花子"),
            ("金糸雀 花子", "金糸雀花子"),
            ("金糸雀花子", "金糸雀　花子"),
        ),
        *(
            ("渡邉 可成弥", "渡辺"),
            ("渡辺 可成弥", "渡邊可成弥"),
            ("斉藤 一", "齋藤"),
            ("齊藤 一", "斎藤"),
            ("髙橋 一", "高橋一"),
        ),
        *(("林 一", "林"), ("ﾔﾏﾀﾞ ﾀﾛｳ", "やまだたろう"), ("Taro YAMADA", "yamada")),
    ],
)
def test_a_person_is_found_however_the_name_is_written(person: str, asked: str) -> None:
    assert is_found(asked, a_contact(person=person))


PHONE: Final = "03-1234-5678"


@pytest.mark.parametrize(
    ("phone", "asked"),
    [
        *((PHONE, PHONE), (PHONE, "０３（１２３４）５６７８"), (PHONE, "+81 3 1234 5678"), (PHONE, "+81-3-1234-5678")),
        *((PHONE, "0312345678"), (PHONE, "(03)1234-5678"), (PHONE, "03 1234 5678"), (PHONE, "03ー1234ー5678")),
        *((PHONE, "03.1234.5678"), (PHONE, "+81(0)3-1234-5678"), (PHONE, "0081 3 1234 5678"), (PHONE, "81312345678")),
        *((PHONE, "312345678"), (PHONE, "TEL 03-1234-5678"), (PHONE, "03-1234-5678 内線12"), (PHONE, "☎03-1234-5678")),
        *((PHONE, "5678"), (PHONE, "５６７８"), (PHONE, "1234-5678"), (PHONE, "12345678"), (PHONE, "45678")),
        ("03-1234-5678 (代表) / 090-9876-5432", "09098765432"),
        ("03-1234-5678 (代表) / 090-9876-5432", "5678"),
        ("03-1234-5678 内線99", "03-1234-5678"),
        ("+81 3-1234-5678", "03-1234-5678"),
        ("090-9876-5432", "9098765432"),
        ("0120-123-456", "0120123456"),
    ],
)
def test_a_telephone_number_is_found_in_any_writing(phone: str, asked: str) -> None:
    assert is_found(asked, a_contact(phone=phone))


@pytest.mark.parametrize("asked", ["03-1234-5679", "06-1234-5678", "5679", "1234", "99995678", "678", "内線5678"])
def test_another_telephone_number_is_not_found(asked: str) -> None:
    assert not is_found(asked, a_contact(phone=PHONE))


@pytest.mark.parametrize(
    ("email", "asked"),
    [
        *(
            ("hanako@canary.example.jp", "hanako@canary.example.jp"),
            ("hanako@canary.example.jp", "Hanako@Canary.Example.JP"),
        ),
        *(
            ("hanako@canary.example.jp", "ｈａｎａｋｏ＠ｃａｎａｒｙ．ｅｘａｍｐｌｅ．ｊｐ"),
            ("hanako@canary.example.jp", "hanako"),
        ),
        *(("hanako@canary.example.jp", "hanako@"), ("hanako@canary.example.jp", "@canary.example.jp")),
        *(
            ("hanako@canary.example.jp", "canary.example.jp"),
            ("hanako@canary.example.jp", "mailto:hanako@canary.example.jp"),
        ),
        *(("Hanako@canary.example.jp", "hanako@canary.example.jp"), ("a@xn--wgv71a119e.jp", "a@日本語.jp")),
    ],
)
def test_a_mail_address_is_found_whole_or_by_its_parts(email: str, asked: str) -> None:
    assert is_found(asked, a_contact(email=email))


@pytest.mark.parametrize(
    "asked", ["hanak@canary.example.jp", "hanako@example.jp", "hana", "example.jp", "@example.jp", "@"]
)
def test_another_mail_address_is_not_found(asked: str) -> None:
    assert not is_found(asked, a_contact(email="hanako@canary.example.jp"))


JAPANESE: Final = st.text(
    st.one_of(
        st.characters(min_codepoint=0x30A1, max_codepoint=0x30FC),
        st.characters(min_codepoint=0x3041, max_codepoint=0x3096),
        st.sampled_from("日本東京商事工業髙﨑澤邊々 ㈱・-（株）ＡＢcé１ﾊﾞｶﾞ株式会社有限"),
    ),
    min_size=2,
    max_size=20,
)


@given(JAPANESE, st.data())
@settings(max_examples=500, deadline=None)
def test_any_two_characters_side_by_side_find_the_company(company: str, data: st.DataObject) -> None:
    key = name_key(company)
    start = data.draw(st.integers(0, len(key)))
    asked = key[start : data.draw(st.integers(start, len(key)))]

    assert len(asked) < 2 or is_found(asked, a_contact(company=company))


@given(
    form=st.sampled_from(("株式会社", "有限会社", "合同会社")),
    is_in_front=st.booleans(),
    name=st.text("アイウカキク", min_size=2),
    data=st.data(),
)
@settings(max_examples=300, deadline=None)
def test_what_was_copied_with_a_piece_of_the_legal_form_finds_the_company(
    *, form: str, is_in_front: bool, name: str, data: st.DataObject
) -> None:
    of_name, of_form = data.draw(st.integers(2, len(name))), data.draw(st.integers(0, len(form)))
    company = form + name if is_in_front else name + form
    asked = form[of_form:] + name[:of_name] if is_in_front else name[-of_name:] + form[:of_form]

    assert is_found(asked, a_contact(company=company))


@given(RANDOM_TEXTS)
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_is_a_question_or_none(text: str) -> None:
    contact = a_contact(company=text, person=text, phone=text, email=text)

    for reading in terms_of_query(text).readings:
        assert reading.terms
    assert not name_key(text) or len(text) > 200 or is_found(text, contact)


@pytest.mark.parametrize(
    ("company", "asked"),
    [
        ("カナリア商会", "カナリヤ"),
        ("(有)カナリヤ商会", "カナリア商会"),
        ("ダイヤ印刷", "ダイア"),
        ("ヴァイオリン工房", "バイオリン"),
        ("バイオ技研", "ヴァイオ"),
        ("ニシヤマ電機", "ヤマ"),
        ("アキヤマ", "アキヤマ"),
    ],
)
def test_kana_of_the_same_sound_are_found_and_a_part_of_a_name_still_is(company: str, asked: str) -> None:
    assert is_found(asked, a_contact(company=company))


@pytest.mark.parametrize(("company", "asked"), [("アマダ", "ヤマダ"), ("ヤマト", "アマト")])
def test_another_name_is_not_taken_for_it(company: str, asked: str) -> None:
    assert not is_found(asked, a_contact(company=company))
