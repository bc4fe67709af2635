"""One tariff as the tools take it: the file as written, its grammar, and the lookups made of it."""

from dataclasses import dataclass
from pathlib import Path

from pricing.tariff import PricedProduct, Tariff, TariffSchema, parse_schema, parse_tariff
from shared.errors import Invalid
from shared.products.source import Source, read_yaml


@dataclass(frozen=True)
class Edition:
    """A tariff that passed every check of the loader."""

    source: Source
    sheet: TariffSchema
    tariff: Tariff

    @property
    def golden(self) -> Path:
        """The file of its golden cases, which lies beside it."""
        return self.source.path.parent / "golden" / self.source.path.name


def edition(word: str, product: PricedProduct) -> Edition:
    """The tariff of *product* called *word* (its date), or the one in the file of that name.

    Raises `Invalid` when there is none, `ProductError` when it must not be used.
    """
    path = path_of(word, product)
    source = read_yaml(path)
    return Edition(source, parse_schema(source), parse_tariff(source, product.form))


def path_of(word: str, product: PricedProduct) -> Path:
    """Where that tariff is. Raises `Invalid`."""
    for path in (Path(word), product.folder / "tariff" / f"{word}.yaml"):
        if path.is_file():
            return path
    known = "、".join(tariff.id for tariff in product.tariffs)
    raise Invalid(f"料率表「{word}」がありません。実施日({known})またはファイル名を指定してください。")
