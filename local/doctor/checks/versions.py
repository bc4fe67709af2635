"""Whether what runs is what was tested together."""

from collections.abc import Iterator
from typing import Final

from local.doctor.check import Problem, check
from local.doctor.facts import Libraries, Machine, Package

_OLDEST_PYTHON: Final = (3, 11)


@check(Machine, "python", "Python のバージョンが使えるものである")
def python_is_new_enough(machine: Machine) -> Iterator[Problem]:
    """As pyproject.toml says."""
    if machine.python < _OLDEST_PYTHON:
        yield Problem(
            f"Python {'.'.join(map(str, machine.python))} では動きません。",
            "Python 3.11 以降で make setup をやり直してください。",
        )


@check(Libraries, "libraries", "ライブラリーが固定したバージョンである")
def libraries_are_pinned(libraries: Libraries) -> Iterator[Problem]:
    """Another version was never tried with the rest."""
    for name, pinned in libraries.pinned.items():
        has = libraries.installed.get(name)
        if has != pinned:
            yield Problem(
                f"{name} は {pinned} のはずですが、{f'{has} が入っています' if has else '入っていません'}。",
                "make setup(コンテナではイメージを作り直す)で、requirements のとおりに入れ直してください。",
                "wrong" if has is None else "warning",
            )


@check(Package, "package", "パッケージのバージョンが CHANGELOG と一致している")
def package_is_the_release(package: Package) -> Iterator[Problem]:
    """An update that was fetched, and not installed, leaves the old number."""
    if package.released is not None and package.released != package.installed:
        yield Problem(
            f"入っているのは {package.installed} ですが、CHANGELOG の最新は {package.released} です。",
            "make setup(コンテナではイメージを作り直す)で入れ直し、すべてのサービスを再起動してください。",
            "warning",
        )


CHECKS: Final = (python_is_new_enough, libraries_are_pinned, package_is_the_release)
