from pathlib import Path

from services.intake.settings import Settings


def settings(keys: Path, public_url: str, allowed_origins: str) -> Settings:
    return Settings(
        mongo="mongodb://localhost",
        kafka="localhost:9092",
        keys=keys,
        public_url=public_url,
        allowed_origins=allowed_origins,
    )


def test_our_own_pages_and_those_of_the_agency_may_post(tmp_path: Path) -> None:
    found = settings(tmp_path, "https://form.example/quotes/", " https://agency.example/ ,https://www.agency.example,")

    assert found.origins == {"https://form.example", "https://agency.example", "https://www.agency.example"}


def test_without_an_agency_s_page_only_our_own_may_post(tmp_path: Path) -> None:
    assert settings(tmp_path, "http://127.0.0.1:8000", "").origins == {"http://127.0.0.1:8000"}
