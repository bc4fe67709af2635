"""Commands that are listed without importing their files, so that `--help` and completion are quick.

So the file of a command can have all its imports at the top.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group


class LazyCommand(TyperCommand):
    """The name and the help text of a command. Its module is imported when it is called or its words are completed.

    *target* is `module:function` for a command and `module:app` for a `typer.Typer` with commands of its own.
    """

    def __init__(self, name: str, target: str, help_text: str) -> None:
        super().__init__(name, help=help_text)
        self._target = target

    def load(self) -> Any:  # noqa: ANN401  # typer keeps the types of its commands private
        """Import the module and return the real command."""
        module, _, attribute = self._target.partition(":")
        target = getattr(import_module(module), attribute)
        if isinstance(target, typer.Typer):
            return get_group(target)
        app = typer.Typer(add_completion=False)
        app.command(self.name)(target)
        return get_command(app)

    def make_context(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401  # see above
        """The context of the real command: typer goes on with that command, not with this placeholder."""
        return self.load().make_context(*args, **options)


def lazy_group(commands: Sequence[LazyCommand]) -> type[TyperGroup]:
    """A class for `typer.Typer(cls=…)`: a group that has *commands*, in this order."""

    class LazyGroup(TyperGroup):
        def __init__(self, **settings: Any) -> None:  # noqa: ANN401  # typer's own settings
            super().__init__(**settings)
            self.commands.update({str(command.name): command for command in commands})

    return LazyGroup
