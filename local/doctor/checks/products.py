"""Whether the products can be sold: folders that load, a tariff that is in force, forms that are known."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from local.doctor.check import Problem, check
from local.doctor.facts import AskedForms, Holidays, ProductFolders, Tariffs
from services.dashboard.usecases.check_holidays import NOTICE
from shared.products import Problem as ProductProblem

_TARIFF: Final = "tariff"
_BROCHURES: Final = "brochures"
_LETTERS: Final = "letters"


def _is_of(*folders: str) -> Callable[[ProductProblem], bool]:
    def is_of(problem: ProductProblem) -> bool:
        return bool({*folders} & {problem.file.name, *(folder.name for folder in problem.file.parents)})

    return is_of


def _problems(found: ProductFolders, is_wanted: Callable[[ProductProblem], bool], repair: str) -> Iterator[Problem]:
    for problem in found.problems:
        if is_wanted(problem):
            yield Problem(_short(problem), repair)


def _short(problem: ProductProblem) -> str:
    """With the product's folder alone: the path to it is long, and known."""
    place = Path(*problem.file.parts[-3:])
    line = f":{problem.line}" if problem.line else ""
    return f"{place}{line}: {problem.key}: {problem.message}" if problem.key else f"{place}{line}: {problem.message}"


@check(ProductFolders, "products-load", "商品のフォルダを読み取れる")
def products_load(found: ProductFolders) -> Iterator[Problem]:
    """No service starts with a broken one."""
    elsewhere = _is_of(_TARIFF, _BROCHURES, _LETTERS)
    yield from _problems(
        found,
        lambda problem: not elsewhere(problem),
        "この行を直し、サービスを再起動してください。直すまで、どのサービスも起動しません。",
    )


@check(ProductFolders, "products-tariffs", "料率表が公開したときのままである")
def tariffs_load(found: ProductFolders) -> Iterator[Problem]:
    """A tariff that was changed cannot explain the premiums that it made."""
    yield from _problems(
        found,
        _is_of(_TARIFF),
        "公開した料率表をバックアップから戻してください。新しい料率表は mitsumori tariff publish で加えます。",
    )


@check(ProductFolders, "products-brochures", "パンフレットを送れる")
def brochures_load(found: ProductFolders) -> Iterator[Problem]:
    """They go out with every 資料請求."""
    yield from _problems(
        found, _is_of(_BROCHURES), "ファイルを直すか置き換え、notify を再起動してください(docs/papers.md)。"
    )


@check(ProductFolders, "products-letters", "メールの文面を読み取れる")
def letters_load(found: ProductFolders) -> Iterator[Problem]:
    """No letter is written with a template that has an unknown field."""
    yield from _problems(found, _is_of(_LETTERS), "この行を直し、notify を再起動してください(docs/letters.md)。")


@check(Tariffs, "tariff-in-force", "今日有効な料率表がある")
def tariff_in_force(tariffs: Tariffs) -> Iterator[Problem]:
    """Without one every request is referred to a person."""
    for product, effective in tariffs.effective.items():
        if not any(day <= tariffs.today for day in effective):
            first = f"最初の料率表は {min(effective)} からです" if effective else "料率表がありません"
            yield Problem(
                f"商品 {product} に、今日有効な料率表がありません({first})。",
                "今日までの日付の料率表を mitsumori tariff publish で加え、rating を再起動してください。",
            )


@check(AskedForms, "form-versions", "ご依頼の質問票の版がすべて分かる")
def forms_are_known(forms: AskedForms) -> Iterator[Problem]:
    """A request is shown and priced in the words that its customer saw. Whose product is not known here is left out."""
    for product, known in forms.known.items():
        for version in sorted(forms.asked.get(product, frozenset()) - known):
            yield Problem(
                f"商品 {product} のご依頼が使った質問票の版 {version} が、商品のフォルダにありません。",
                f"その版の form.yaml を former-forms/{version}.yaml に置き、サービスを再起動してください"
                "(CONTRIBUTING.md の How to change the form)。",
            )


@check(Holidays, "national-holidays", "国民の祝日の一覧が 90 日以上先まである")
def holidays_last(holidays: Holidays) -> Iterator[Problem]:
    """After its end, deadlines over holidays are too early."""
    left = holidays.last - holidays.today
    if left <= NOTICE:
        yield Problem(
            f"国民の祝日の一覧は {holidays.last} までです。",
            "national-holidays.yaml に翌年がある版に更新してください。",
            "wrong" if left < timedelta() else "warning",
        )


CHECKS: Final = (
    products_load,
    tariffs_load,
    brochures_load,
    letters_load,
    tariff_in_force,
    forms_are_known,
    holidays_last,
)
