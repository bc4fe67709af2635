"""Every form that was ever published is kept: requests name its version, and are shown in its words for years.

golden/published-forms.txt lists them, the newest of a product last. Whoever changes form.yaml reads here what to do.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from shared.products import Product, load_product, load_products
from tests.shared.products.builders import ORIGINAL, RENAMED_PLAN, copy_of_the_product, release_form, replace_once

LIST: Final = Path(__file__).parent / "golden" / "published-forms.txt"
PUBLISHED: Final = [line.split(" ") for line in LIST.read_text("ascii").splitlines()]
TODAY: Final = load_product(ORIGINAL).form.version


def complaints(product: Product, versions: Sequence[str]) -> Iterator[str]:
    """What is wrong, and what to do about it."""
    folder, today, last = f"shared/products/{product.slug}", product.form.version, (versions or ["(none)"])[-1]
    if today != last:
        yield (
            f"{folder}/form.yaml was changed: its version is {today}, and the last in {LIST.name} is {last}. "
            f"If {last} was never released, write {today} in its place. If it was: copy that form.yaml to "
            f"{folder}/former-forms/{last}.yaml (`git show <release>:{folder}/form.yaml`), give the new one a new "
            f"`version`, and add its line to the end of {LIST.name}. The rest: CONTRIBUTING.md, How to change the form."
        )
    for version in versions:
        if version != last and product.form_of(version) is None:
            yield f"{folder}/former-forms/{version}.yaml is missing: requests were sent under it."
    if len({version.partition("+")[0] for version in versions}) < len(versions):
        yield f"Two published forms of {product.slug} have the same `version`: people could not tell them apart."


def test_every_form_that_was_published_is_kept() -> None:
    products = load_products().values()
    versions = {product: [version for slug, version in PUBLISHED if slug == product] for product, _ in PUBLISHED}

    assert [told for product in products for told in complaints(product, versions.get(product.slug, ()))] == []


def test_no_product_that_had_a_form_is_gone() -> None:
    assert {slug for slug, _ in PUBLISHED} == load_products().keys()


def test_whoever_changes_a_word_learns_what_to_do(tmp_path: Path) -> None:
    """A changed word without the form before it would have been found by a customer, on a 見積書."""
    folder = copy_of_the_product(tmp_path)
    replace_once(folder / "form.yaml", *RENAMED_PLAN)
    changed = load_product(folder)

    (told,) = complaints(changed, [TODAY])

    for words in (changed.form.version, f"former-forms/{TODAY}.yaml", "was never released", "`version`", LIST.name):
        assert words in told


def test_a_release_that_keeps_the_form_before_is_right(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    release_form(folder, RENAMED_PLAN)
    product = load_product(folder)

    assert list(complaints(product, [TODAY, product.form.version])) == []


def test_a_form_that_was_thrown_away_is_missed(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    release_form(folder, RENAMED_PLAN)
    (folder / "former-forms" / f"{TODAY}.yaml").unlink()
    product = load_product(folder)

    (told,) = complaints(product, [TODAY, product.form.version])

    assert "is missing" in told


def test_two_forms_of_one_version_are_told_apart_by_nobody(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    release_form(folder, RENAMED_PLAN)
    new, old = (version.partition("+")[0] for version in (load_product(folder).form.version, TODAY))
    replace_once(folder / "form.yaml", f'version: "{new}"', f'version: "{old}"')
    product = load_product(folder)

    (told,) = complaints(product, [TODAY, product.form.version])

    assert "have the same `version`" in told
