"""A product is a folder: a second one is a second folder, and not a line of code."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pricing.tariff import PricedProduct, load_priced_products
from shared.products import Insurer, Product, ProductError, load_product, load_products
from shared.products.product import ABOUT
from tests.shared.products.builders import ORIGINAL, copy_of_the_product, replace_once


@pytest.fixture(scope="module")
def product() -> PricedProduct:
    return load_priced_products()["cyber-security"]


def test_the_first_product_is_whole(product: PricedProduct) -> None:
    assert product.slug == "cyber-security"
    assert product.name == "サイバーセキュリティ保険"
    assert product.insurer == "あいおいニッセイ同和損保"
    assert product.agency.phone == "0120-115-910"
    assert product.release == "auto"
    assert [tariff.valid_days for tariff in product.tariffs] == [30]
    assert [tariff.id for tariff in product.tariffs] == ["2026-10-01"]


def test_what_every_paper_may_say_of_a_product_is_known_beforehand(product: PricedProduct) -> None:
    """Templates are checked against these names before there is a product."""
    assert product.about.keys() == ABOUT


def test_what_the_law_and_honesty_ask_for_is_said(product: PricedProduct) -> None:
    """facts: a quote is no offer, the tariff is an illustration, web answers are not the formal 告知書."""
    assert product.notices["estimate"].startswith("概算(参考)保険料です。引受保険会社の正式なお見積りではありません。")
    assert product.notices["sample_tariff"] == "本システムの料率は例示であり実際の料率ではありません。"
    assert "正式な告知書に代わるものではありません" in product.notices["declaration"]
    assert "引受保険会社" in product.agency.authority


@pytest.mark.parametrize(
    ("said", "estimate"),
    [
        pytest.param("estimate: on", "on", id="on"),
        pytest.param("estimate: off", "off", id="off"),
        pytest.param("", "off", id="a product of before this version says nothing"),
    ],
)
def test_a_price_before_anybody_says_who_they_are_is_shown_where_the_product_says_so(
    tmp_path: Path, said: str, estimate: str
) -> None:
    copy = copy_of_the_product(tmp_path)
    replace_once(copy / "product.yaml", "estimate: on", said)

    assert load_product(copy).estimate == estimate


def test_whatever_was_made_up_says_so(product: PricedProduct) -> None:
    made_up = (product.agency.address, product.agency.hours, product.document_no, product.privacy.text)

    assert all("見本" in text for text in made_up)
    assert product.agency.email.endswith(".example.jp")


def test_the_purpose_text_names_what_a_customer_must_know_beforehand(product: PricedProduct) -> None:
    told = product.privacy.text

    assert product.agency.name in told
    for subject in ("見積書の作成", "取次ぎ", "第三者への提供", "委託", "任意性", "開示", "個人情報保護管理者"):
        assert subject in told


def test_nothing_promises_more_than_the_law_allows() -> None:
    """保険業法300条: no 最安, no 必ず得, no comparison."""
    texts = [
        path.read_text(encoding="utf-8") for path in ORIGINAL.rglob("*") if path.suffix in {".yaml", ".txt", ".typ"}
    ]

    assert not [word for word in ("最安", "格安", "業界No", "絶対", "必ず得") for text in texts if word in text]


def test_a_second_insurer_is_a_second_folder(tmp_path: Path) -> None:
    other = tmp_path / "cyber-protector"
    shutil.copytree(ORIGINAL, other)
    replace_once(other / "product.yaml", "あいおいニッセイ同和損保, since", "三井住友海上, since")

    products = load_products(tmp_path)

    assert {slug: product.insurer for slug, product in products.items()} == {
        "cyber-security": "あいおいニッセイ同和損保",
        "cyber-protector": "三井住友海上",
    }


def test_a_folder_of_the_same_name_takes_the_place_of_ours(tmp_path: Path) -> None:
    """The real tariff is confidential and lives elsewhere; the illustrative one must not be sold beside it."""
    replace_once(copy_of_the_product(tmp_path) / "product.yaml", "release: auto", "release: desk")

    [product] = load_products(tmp_path).values()

    assert (product.slug, product.release) == ("cyber-security", "desk")


def test_a_folder_that_should_hold_a_product_and_does_not_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cyber-protector").mkdir()

    with pytest.raises(ProductError, match=r"product\.yaml: cannot be read"):
        load_products(tmp_path)


def test_a_folder_of_products_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProductError, match="there is no such folder"):
        load_products(tmp_path / "nowhere")


def test_a_product_whose_name_cannot_stand_in_an_address_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ORIGINAL, tmp_path / "Cyber Security")

    with pytest.raises(ProductError, match="small letters"):
        load_products(tmp_path)


def test_no_two_wordings_share_a_version(tmp_path: Path, product: Product) -> None:
    folder = copy_of_the_product(tmp_path)
    replace_once(folder / "form.yaml", "label: 企業名", "label: 会社名")

    changed = load_product(folder)

    assert changed.form.version != product.form.version
    assert changed.form.version.startswith("2026-10-01+")


def test_a_comment_makes_no_new_version(tmp_path: Path, product: Product) -> None:
    folder = copy_of_the_product(tmp_path)
    replace_once(folder / "form.yaml", "label: 企業名", "label: 企業名 # as the register has it")

    assert load_product(folder).form.version == product.form.version


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param(date(2000, 1, 1), "旧会社", id="before all of them"),
        pytest.param(date(2027, 3, 31), "旧会社", id="the day before"),
        pytest.param(date(2027, 4, 1), "新会社", id="the day of the merger"),
        pytest.param(date(2030, 1, 1), "新会社", id="long after"),
    ],
)
def test_an_insurer_bears_its_name_of_the_day(product: Product, day: date, name: str) -> None:
    renamed = replace(product, insurers=(Insurer("旧会社", date(2010, 10, 1)), Insurer("新会社", date(2027, 4, 1))))

    assert renamed.insurer_on(day) == name
