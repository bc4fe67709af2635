"""The documents describe this repository: decisions are numbered and whole, links lead somewhere, examples are real."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from shared import events
from shared.events import PUBLISHED, TOPICS
from tests.architecture.repository import ROOT, SERVICES, text_files

ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:4] for path in ADRS] == [f"{number:04d}" for number in range(1, len(ADRS) + 1)]


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_is_one_page_with_its_five_parts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.match(rf"# {path.name[:4]}\. \S.*\n\nStatus: (accepted|superseded by \d{{4}})\n", text)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
        "Alternatives considered",
        "References",
    ]
    assert len(text.splitlines()) <= 80


def test_code_cites_decisions_that_exist() -> None:
    cited = {
        (str(path), name)
        for path, text in text_files()
        for name in re.findall(r"docs/adr/(\d{4}-[a-z0-9-]+\.md)", text)
    }

    assert {name for _, name in cited}
    assert {place for place in cited if place[1] not in {path.name for path in ADRS}} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8"))

    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []


def test_the_readme_in_japanese_leads_to_what_the_english_one_leads_to() -> None:
    """Whoever changes one changes the other: the same pages, commands, pictures and paragraphs."""
    one, other = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ja.md"))
    alike = (
        r"\]\(((?!README)[^)#]+)",
        r"`((?:mitsumori|docker|make)[^`]*)`",
        r"^\$ (\w+ \w+)",
        r"^(#+|-) ",
        r"-- \"?(\w+\.v1)",
    )

    assert "](README.ja.md)" in one
    assert "](README.md)" in other
    for pattern in alike:
        assert re.findall(pattern, one, re.MULTILINE) == re.findall(pattern, other, re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_that_a_document_names_is_there(document: Path) -> None:
    """A path that is out of date sends its reader to nothing."""
    folders = "bench|cli|deploy|docs|local|pricing|services|shared|tests"
    paths = re.findall(rf"`((?:{folders})/[\w./-]*)`", document.read_text(encoding="utf-8"))

    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_word_of_the_documents_is_in_the_makefile(document: Path) -> None:
    words = re.findall(r"(?:`|\$ )make ([a-z]+)", document.read_text(encoding="utf-8"))

    assert set(words) <= TARGETS


def examples() -> list[tuple[str, str]]:
    """The Python blocks of CONTRIBUTING: the file that each names in its first line, and the lines below."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return [(head.removeprefix("# "), body) for head, _, body in (block.partition("\n") for block in blocks)]


@pytest.mark.parametrize(("file", "example"), examples(), ids=lambda part: part if part.endswith(".py") else "")
def test_an_example_is_taken_from_the_source(file: str, example: str) -> None:
    """An example that no test compares with the code goes out of date. `...` leaves lines out."""
    source = (ROOT / file).read_text(encoding="utf-8")
    excerpts = [lines.strip("\n") for lines in re.split(r"^ *\.\.\.\n", example, flags=re.MULTILINE)]

    assert [lines for lines in excerpts if lines not in source] == []


def test_every_word_of_the_makefile_says_what_it_does() -> None:
    explained = set(re.findall(r"^([a-z]+):.*## \S", MAKEFILE, re.MULTILINE))

    assert explained == TARGETS
    assert set(re.findall(r"\.PHONY: (.*)", MAKEFILE)[0].split()) == TARGETS


def test_the_architecture_names_every_service_topic_and_folder() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    short_topics = [topic.removeprefix("mitsumori.") for topic in TOPICS]
    folders = [f"{path.name}/" for path in (ROOT / "shared").iterdir() if (path / "__init__.py").exists()]

    assert [name for name in (*SERVICES, *short_topics, *folders) if name not in text] == []


def glossary() -> dict[str, tuple[str, str]]:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {term: (japanese, meaning) for term, japanese, meaning in rows[1:]}


def test_the_glossary_pairs_each_term_with_its_japanese_and_its_meaning() -> None:
    terms = glossary()

    assert [term for term, (japanese, meaning) in terms.items() if not japanese or not meaning] == []
    assert list(terms) == sorted(terms)


def test_the_nouns_of_the_published_language_are_in_the_glossary() -> None:
    facts = {re.findall(r"[A-Z][a-z]+", event.__name__)[0].lower() for event in PUBLISHED}
    parts = {
        name.lower()
        for name in events.__all__
        if isinstance(part := getattr(events, name), type)
        and issubclass(part, BaseModel)
        and re.fullmatch(r"[A-Z][a-z]+", name)
        and part is not events.Event
    }

    assert facts | parts <= set(glossary())


def test_every_term_of_the_glossary_is_spoken_somewhere() -> None:
    """A term that is used nowhere was renamed, or what it named is gone."""
    places = {"services", "pricing", "shared", "cli", "local", "deploy", "ARCHITECTURE.md"}
    spoken = "\n".join(text.lower() for path, text in text_files() if path.parts[0] in places)
    said = re.sub(r"[_-]", " ", spoken)

    assert [term for term in glossary() if term.replace(":", "").lower() not in said] == []
