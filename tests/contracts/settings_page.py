"""The page of all settings for operators (docs/operating/settings.md): which there are, with default and reader."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from local.doctor.gather.settings import OF_COMMANDS, OF_CONTAINERS, SETTINGS
from local.purge import DAYS
from local.purge import SETTINGS as KEPT_BY
from local.topics import TopicSettings
from shared.runtime.secret_files import secrets_of
from shared.runtime.settings import PREFIX
from tests.contracts.setting_notes import NOTES

ROOT: Final = Path(__file__).parents[2]
REQUIRED: Final = "**必須**"
NOTHING: Final = "なし"
OF_BACKUPS: Final = {
    "MITSUMORI_BACKUPS": "`mitsumori backup`、`mitsumori doctor`",
    "MITSUMORI_BACKUP_KEY": "`mitsumori backup`",
}
_IN_COMPOSE: Final = re.compile(r"\$\{(MITSUMORI_\w+)(?::([-?])([^}]*))?\}")
_HEAD: Final = """# すべての設定

環境変数の一覧です。コードから作られています(`make docs`)。書き換えるときは、コードを書き換えてください。

- `mitsumori run` では、サービスの設定はすべて自動です。コンテナでは、三つの compose のファイルが渡します
  ([設置](install.md))。
- 誤りがあると、そのサービスは起動せず、変数の名前をすべて示します。綴りの誤りは `mitsumori doctor` が
  見つけます([診断](doctor.md))。
- 「ファイル可」の設定には `…_FILE` があり、値を書いたファイルの名前を指定できます
  ([設置](install.md#10-パスワードをファイルに書く))。
"""


def settings_page() -> str:
    """The whole page, in Markdown."""
    fields = {service: settings.model_fields for service, settings in SETTINGS.items()}
    readers = {name: [service for service, of in fields.items() if _field(name) in of] for name in NOTES}
    parts = {
        "すべてのサービス": [name for name, of in readers.items() if len(of) == len(SETTINGS)],
        "一部のサービス": [name for name, of in readers.items() if 0 < len(of) < len(SETTINGS)],
        "コマンド": [name for name in NOTES if name in OF_COMMANDS],
        "コンテナ(`.env`)": [name for name in NOTES if name in OF_CONTAINERS],
    }
    lines = [line for title, names in parts.items() for line in _part(title, names, readers)]
    return "\n".join([_HEAD, *lines])


def known_variables() -> set[str]:
    """Those that any service, command or container reads."""
    of_services = {f"{PREFIX}{field.upper()}" for settings in SETTINGS.values() for field in settings.model_fields}
    return {*of_services, *OF_COMMANDS, *OF_CONTAINERS}


def _part(title: str, names: Iterable[str], readers: Mapping[str, list[str]]) -> Iterator[str]:
    yield from (f"## {title}", "", "| 変数 | 意味 | 省略時 | 例 | 読むもの |", "|---|---|---|---|---|")
    for name in names:
        note = NOTES[name]
        in_file = "。ファイル可" if any(_field(name) in secrets_of(one) for one in SETTINGS.values()) else ""
        cells = (f"`{name}`", f"{note.meaning}{in_file}", _default(name, readers[name]), f"`{note.example}`")
        yield f"| {' | '.join(cells)} | {_read_by(name, readers[name])} |"
    yield ""


def _default(name: str, services: list[str]) -> str:
    if name in OF_CONTAINERS:
        return _default_of_container(name)
    if name in KEPT_BY.values():
        return f"`{next(DAYS[of] for of, variable in KEPT_BY.items() if variable == name)}`"
    if name in OF_BACKUPS:
        return NOTHING
    if name in OF_COMMANDS:
        return f"`{getattr(TopicSettings(kafka=''), _field(name))}`"
    defaults = {service: _default_of(service, name) for service in services}
    if len({*defaults.values()}) == 1:
        return defaults[services[0]]
    return "、".join(f"{service} {default}" for service, default in defaults.items())


def _default_of(service: str, name: str) -> str:
    field = SETTINGS[service].model_fields[_field(name)]
    if field.is_required():
        return REQUIRED
    return f"`{field.default}`" if field.default not in (None, "") else NOTHING


def _default_of_container(name: str) -> str:
    for file in ("compose.prod.yml", "compose.watch.yml", "docker-compose.yml"):
        for variable, kind, rest in _IN_COMPOSE.findall((ROOT / file).read_text(encoding="utf-8")):
            if variable == name and kind:
                return REQUIRED if kind == "?" else f"`{rest}`"
    return NOTHING


def _read_by(name: str, services: list[str]) -> str:
    if name in OF_CONTAINERS:
        return "`deploy/lab/try`" if name.endswith("_LAB") else "`docker compose`"
    if name in OF_BACKUPS:
        return OF_BACKUPS[name]
    if name in OF_COMMANDS:
        return "`mitsumori purge`" if name in KEPT_BY.values() else "`mitsumori topics create`"
    return "、".join(services)


def _field(name: str) -> str:
    return name.removeprefix(PREFIX).lower()
