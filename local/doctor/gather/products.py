"""Loads the products as the services do at their start, and collects everything that keeps one from starting."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from local.doctor.check import NotKnown
from local.doctor.facts import Holidays, ProductFolders, Tariffs
from pricing.tariff import load_priced_products
from services.intake.adapters.typst import check_papers
from services.notify.adapters.products import load_products_with_letters
from shared.clock import JST, Clock
from shared.products import Problem, ProductError, Products, load_products
from shared.products.national_holidays import load_national_holidays

NO_PRODUCTS: Final = NotKnown("商品のフォルダを読み取れないため、調べていません。")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What loads. `products` is empty and `tariffs` None where they do not."""

    folders: ProductFolders
    products: Products
    tariffs: Tariffs | None
    holidays: Holidays


def load_all(extra: Path | None, now: Clock, *, with_links: bool | None) -> Loaded:
    """Of intake, notify and rating, which read all that there is of a product. *with_links*: None is not known."""
    problems: set[Problem] = set()
    products = _collected(problems, partial(load_products, extra, check_papers))
    priced = _collected(problems, partial(load_priced_products, extra))
    _collected(problems, partial(load_products_with_letters, extra, with_links=with_links))
    today = now().astimezone(JST).date()
    effective = {slug: [tariff.effective for tariff in one.tariffs] for slug, one in priced.items()} if priced else {}
    return Loaded(
        folders=ProductFolders(problems=sorted(problems)),
        products=products or {},
        tariffs=Tariffs(effective=effective, today=today) if priced else None,
        holidays=Holidays(last=load_national_holidays().last, today=today),
    )


def _collected(problems: set[Problem], load: Callable[[], Found]) -> Found | None:
    try:
        return load()
    except ProductError as error:
        problems.update(error.problems)
        return None
