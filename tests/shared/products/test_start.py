"""A service does not start with a product that it could not use: nobody must find that out as its first customer."""

import importlib
from pathlib import Path

import pytest

from shared.products import ProductError
from shared.runtime.settings import load
from tests.shared.products.builders import copy_of_the_product

ENVIRONMENT = {
    "MONGO": "mongodb://127.0.0.1:1",
    "KAFKA": "127.0.0.1:1",
    "SMTP": "smtp://127.0.0.1:1",
    "MAIL_FROM": "noreply@agency.example",
    "DESK_EMAIL": "desk@agency.example",
    "PUBLIC_URL": "https://form.agency.example",
    "DASHBOARD_URL": "https://desk.agency.example",
}


@pytest.mark.parametrize(
    ("service", "file"),
    [
        ("intake", "form.yaml"),
        ("intake", "documents/copy.typ"),
        ("intake", "documents/questionnaire.typ"),
        ("rating", "form.yaml"),
        ("rating", "tariff/2026-10-01.yaml"),
        ("notify", "form.yaml"),
        ("notify", "letters/desk-late.txt"),
        ("notify", "documents/quote.typ"),
        ("notify", "documents/post.typ"),
        ("notify", "brochures/guide.typ"),
        ("dashboard", "form.yaml"),
    ],
)
def test_a_service_does_not_start_with_a_broken_file_that_it_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, service: str, file: str
) -> None:
    broken = copy_of_the_product(tmp_path) / file
    broken.write_bytes(broken.read_bytes() + "見積書".encode("cp932"))
    for name, value in {**ENVIRONMENT, "KEYS": str(tmp_path), "PRODUCTS": str(tmp_path)}.items():
        monkeypatch.setenv(f"MITSUMORI_{name}", value)
    app = importlib.import_module(f"services.{service}.app")

    with pytest.raises(ProductError, match=f"{file}: is not UTF-8 text"):
        app.create_app(load(app.Settings))
