"""Words that this project invented, and newcomers did not understand, do not come back (docs/adr/0013-the-tree.md)."""

import re

import pytest

from tests.architecture.repository import text_files

WRITTEN_BY_US = {".py", ".md", ".toml", ".yml", ".html", ".js", ".css"}
NAMES_THE_PAST = {"CHANGELOG.md", "docs/adr/0013-the-tree.md", "tests/architecture/test_vocabulary.py"}


@pytest.mark.parametrize(
    ("retired", "standard"),
    [
        (r"deeds?", "use case"),
        (r"doors?", "entrypoint"),
        (r"dress(es|ed)?", "sets headers"),
        (r"wears?", "has, needs"),
        (r"post(man|men)", "dispatcher, worker"),
        (r"hang_up", "close"),
        (r"crowd_of|place_of", "check_rate, client_ip"),
        (r"intake_of|desk_of", "a FastAPI dependency"),
        (r"furnish|enrol|entrance", "add_routes, create_account, login_pages"),
        (r"plainly", "exit_on_error"),
        (r"unsealer", "ParcelOpener"),
        (r"(?-i:(?!Work|Spread|CSSStyle)[A-Za-z]+Sheet)|read_sheet|sheet_of", "schema"),
        (r"trays?", "(say what it holds)"),
    ],
)
def test_a_retired_word_is_not_used_again(retired: str, standard: str) -> None:
    """When this fails: the second column has the usual term."""
    pattern = re.compile(rf"(?<![A-Za-z_])({retired})(?![A-Za-z_])", re.IGNORECASE)
    uses = [
        f"{path}:{number}"
        for path, text in text_files()
        if path.suffix in WRITTEN_BY_US and "vendor" not in path.parts and str(path) not in NAMES_THE_PAST
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]

    assert uses == [], f"the standard term is: {standard}"


def test_the_check_reads_this_repository() -> None:
    """A pattern that is compared with no file would always pass."""
    read = {str(path) for path, _ in text_files() if path.suffix in WRITTEN_BY_US}

    assert {"ARCHITECTURE.md", "services/rating/app.py"} <= read
