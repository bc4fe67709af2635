"""A setting that holds a password may be in a file instead, which a variable names: `MITSUMORI_KAFKA_FILE`.

What a process is told by its environment can be read by whoever inspects its container.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BeforeValidator
from pydantic_settings import BaseSettings, EnvSettingsSource

from shared.runtime.named_files import SUFFIX, secret_in


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """In the place of a value: why there is none."""

    reason: str


def _refuse_unreadable(value: object) -> object:
    match value:
        case _Unreadable(reason):
            raise ValueError(reason)
        case _:
            return value


MAY_BE_IN_A_FILE: Final = BeforeValidator(_refuse_unreadable)
"""The last annotation of each setting that holds a password."""


class SecretFiles(EnvSettingsSource):
    """The settings that a variable `…_FILE` names a file for."""

    def __call__(self) -> dict[str, Any]:
        """Only what is given. What cannot be read is refused when it is validated, together with all other mistakes."""
        return {
            name: self._value(f"{self.env_prefix}{name}".lower(), path)
            for name in secrets_of(self.settings_cls)
            if (path := self.env_vars.get(f"{self.env_prefix}{name}{SUFFIX}".lower())) is not None
        }

    def _value(self, variable: str, path: str) -> object:
        if variable in self.env_vars:
            return _Unreadable(f"{variable.upper()} and {variable.upper()}{SUFFIX} are both set; unset one of them")
        if not path:
            return _Unreadable(f"{variable.upper()}{SUFFIX} names no file")
        try:
            return secret_in(Path(path))
        except ValueError as reason:
            return _Unreadable(f"{variable.upper()}{SUFFIX} {reason}")


def secrets_of(settings: type[BaseSettings]) -> list[str]:
    """The names of the settings that may be in a file."""
    return [name for name, field in settings.model_fields.items() if MAY_BE_IN_A_FILE in field.metadata]
