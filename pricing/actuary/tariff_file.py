"""A tariff as the actuary's tools read it: the file as written, its content by the grammar, and its lookups."""

from dataclasses import dataclass
from pathlib import Path

from pricing.tariff import PricedProduct, Tariff, TariffSchema, parse_schema, parse_tariff
from shared.errors import Invalid
from shared.products import Form
from shared.products.source import Source, read_yaml


@dataclass(frozen=True)
class TariffFile:
    """A tariff that passed every check of the loader."""

    source: Source
    schema: TariffSchema
    tariff: Tariff
    form: Form
    """The form that it was checked against."""

    @property
    def golden_path(self) -> Path:
        """The file of its golden cases, in the folder `golden` beside it."""
        return self.source.path.parent / "golden" / self.source.path.name


def load_tariff_file(name: str, product: PricedProduct) -> TariffFile:
    """The tariff of *product* with the date *name*, or the one in the file called *name*.

    Raises `Invalid` when there is none, `ProductError` when it must not be used.
    """
    source = read_yaml(find_tariff_file(name, product))
    # A published tariff is checked already; an earlier one may fit only an earlier form.
    published = next((tariff for tariff in product.tariffs if tariff.sha256 == source.sha256), None)
    form = (product.form_of(published.form_version) if published else None) or product.form
    return TariffFile(source, parse_schema(source), published or parse_tariff(source, form), form)


def find_tariff_file(name: str, product: PricedProduct) -> Path:
    """Where that tariff is. Raises `Invalid`."""
    for path in (Path(name), product.folder / "tariff" / f"{name}.yaml"):
        if path.is_file():
            return path
    known = "、".join(tariff.id for tariff in product.tariffs)
    raise Invalid(f"料率表「{name}」がありません。実施日({known})またはファイル名を指定してください。")
