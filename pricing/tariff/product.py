"""A product with its tariffs. Only rating and the command line load them: a broken tariff must not stop the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pricing.tariff.load import load_tariff
from pricing.tariff.published import unpublished
from pricing.tariff.tariff import Tariff
from shared.products import Form, Problem, Product, ProductError, load_form, load_product
from shared.products.load import collected, product_folders


@dataclass(frozen=True, kw_only=True)
class PricedProduct(Product):
    """A product and what it costs: every tariff that was ever published, oldest first."""

    tariffs: tuple[Tariff, ...]


PricedProducts = Mapping[str, PricedProduct]
"""Every product that is sold, with its tariffs, by its slug."""


def load_priced_products(extra: Path | None = None, *, in_preparation: bool = False) -> dict[str, PricedProduct]:
    """The shipped products, and those in *extra*, by slug. Raises `ProductError` with all that is wrong.

    *in_preparation*: a new form may be there before the tariff that fits it. Nobody is priced with such a product.
    """
    problems: list[Problem] = []
    load = partial(load_priced_product, in_preparation=in_preparation)
    products = [collected(problems, partial(load, folder)) for folder in product_folders(extra)]
    if problems:
        raise ProductError(problems)
    return {product.slug: product for product in products if product}


def load_priced_product(folder: Path, *, in_preparation: bool = False) -> PricedProduct:
    """The product in *folder* with its tariffs, as above. Raises `ProductError` with all that is wrong with either."""
    problems: list[Problem] = []
    product = collected(problems, partial(load_product, folder))
    # The tariffs are checked also where another file of the product is broken, so that every problem is named at once.
    form = product.form if product else collected([], partial(load_form, folder / "form.yaml", ""))
    former = sorted(product.former_forms.items(), reverse=True) if product else ()
    forms = (form, *(form for _, form in former)) if form else ()
    tariffs = _tariffs(folder / "tariff", forms, problems, in_preparation=in_preparation) if forms else ()
    if problems or product is None:
        raise ProductError(problems)
    return PricedProduct.extending(product, tariffs=tariffs)


def _tariffs(
    folder: Path, forms: Sequence[Form], problems: list[Problem], *, in_preparation: bool
) -> tuple[Tariff, ...]:
    """*forms*: today's, then those before it, the newest first."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        problems.append(Problem(folder, 0, "", "there is no tariff"))
    # Only the newest must fit today's form. One before it is published and cannot follow a form that asks otherwise.
    fitting = {path: forms if in_preparation or path != paths[-1] else forms[:1] for path in paths}
    read = {path.name: collected(problems, partial(_load_fitting, path, fitting[path])) for path in paths}
    tariffs = {name: tariff for name, tariff in read.items() if tariff}
    # A tariff that cannot be read is a problem already, and shows nothing about what was published.
    if paths and len(tariffs) == len(paths):
        hashes = {name: tariff.sha256 for name, tariff in tariffs.items()}
        problems += collected(problems, lambda: list(unpublished(folder, hashes))) or ()
    return tuple(sorted(tariffs.values(), key=lambda tariff: tariff.effective))


def _load_fitting(path: Path, forms: Sequence[Form]) -> Tariff:
    """The tariff in *path*, checked against the first of *forms* that it fits. Raises `ProductError`."""
    first, *others = forms
    try:
        return load_tariff(path, first)
    except ProductError:
        tariffs = (collected([], partial(load_tariff, path, form)) for form in others)
        if tariff := next(filter(None, tariffs), None):
            return tariff
        raise
