"""`mitsumori rate FILE.json`: price a file of answers without any server.

A person types the file, so it is read more strictly than a parcel: a misspelt key is reported, because it would
otherwise look like an answer that was not given.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.errors import exit_on_error
from cli.options import Products
from pricing.engine.in_force import NO_TARIFF, in_force
from pricing.engine.price import price
from pricing.engine.result import Offered, Reason, Referred, Result
from pricing.tariff import PricedProduct, PricedProducts, load_priced_products
from shared.clock import JST, Clock, utc_now
from shared.errors import Invalid
from shared.products.form import Form

DIGITS: Final = re.compile(r"[0-9]{1,15}")


@exit_on_error()
def rate(
    file: Annotated[Path, typer.Argument(help="回答の JSON ファイル")],
    products: Products = None,
) -> None:
    """回答のファイルから保険料を計算し、JSON で出力する (price a file of answers, without any server)."""
    print(json.dumps(rate_file(file, load_priced_products(products)), ensure_ascii=False, indent=2))


def rate_file(path: Path, products: PricedProducts, now: Clock = utc_now) -> dict[str, Any]:
    """The offer or the referral for the answers in *path*, priced with today's tariff, as plain JSON.

    The file has the answers themselves or `{"product": …, "answers": {…}}`. Raises `Invalid` with a sentence for
    a file that has neither.
    """
    product, answers = _answers(_json(path), products)
    tariff = in_force(product.tariffs, now().astimezone(JST).date())
    if tariff is None:
        return _as_json(NO_TARIFF)
    unknown = _unknown_keys(answers, product.form)
    result = price(_with_numbers(answers, product.form), tariff)
    if not unknown:
        return _as_json(result)
    match result:
        case Referred(reasons=reasons):
            return _as_json(Referred((*unknown, *reasons)))
        case Offered():
            return _as_json(Referred(unknown))


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"), object_pairs_hook=_without_repeats)
    except OSError as error:
        raise Invalid(f"{path}: ファイルを読めません({error.strerror})。") from None
    except (ValueError, RecursionError):
        raise Invalid(f"{path}: JSONとして読めません。") from None
    if not isinstance(content, dict):
        raise Invalid(f"{path}: 回答を {{キー: 値}} の形で書いてください。")
    return content


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise Invalid("同じキーが二度書かれています。")
    return entries


def _answers(content: dict[str, Any], products: PricedProducts) -> tuple[PricedProduct, Mapping[str, Any]]:
    slug = content.get("product", next(iter(products)) if len(products) == 1 else None)
    answers = content.get("answers", {key: value for key, value in content.items() if key != "product"})
    if not isinstance(slug, str) or slug not in products:
        raise Invalid(f"product を次のいずれかで指定してください: {', '.join(products)}")
    if not isinstance(answers, dict):
        raise Invalid("answers を {キー: 値} の形で書いてください。")
    return products[slug], answers


def _unknown_keys(answers: Mapping[str, Any], form: Form) -> tuple[Reason, ...]:
    known = {question.key for question in form.questions}
    return tuple(
        Reason("unknown-key", f"「{key}」という項目は質問にありません。") for key in answers if key not in known
    )


def _with_numbers(answers: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """Digits in quotes are numbers where the form asks for one."""
    numeric = {question.key for question in form.questions if question.kind in ("thousand_yen", "amount")}
    return {
        key: int(value) if key in numeric and isinstance(value, str) and DIGITS.fullmatch(value) else value
        for key, value in answers.items()
    }


def _as_json(result: Result) -> dict[str, Any]:
    match result:
        case Offered():
            return {
                "result": "offered",
                "premium": result.premium_yen,
                "options": [asdict(option) for option in result.options],
                "changes": [asdict(change) for change in result.changes],
                "workings": [step.as_text() for step in result.workings],
                "savings": [asdict(saving) for saving in result.savings],
                "grids": [asdict(grid) for grid in result.grids],
            }
        case Referred(reasons=reasons):
            return {"result": "referred", "reasons": [asdict(reason) for reason in reasons]}
