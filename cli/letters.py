"""`mitsumori letters`: what the letters look like, before anybody is sent one (docs/letters.md)."""

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.options import Products
from local.sample_letters import CONTACTS, SampleLetter, sample_letters
from services.notify.adapters.products import load_products_with_letters
from services.notify.adapters.typst import TypstPapers
from services.notify.domain.message import encode
from services.notify.domain.pieces import joined
from services.notify.domain.product import ProductWithLetters
from shared.clock import utc_now
from shared.errors import Invalid
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere

app = typer.Typer(help="メールの文面 (letters: what they look like)", no_args_is_help=True)
Draw = Callable[[Path], list[Path]]


@app.command()
@exit_on_error()
def preview(
    product: Annotated[str, typer.Option(help="商品 (product)")] = "cyber-security",
    out: Annotated[Path, typer.Option(help="書き出すフォルダ (where to write them)")] = Path("letters-preview"),
    products: Products = None,
) -> None:
    """すべての種類のメールを、見本の案件と扱いにくい名前で書き出す (every kind of mail: .eml, .html, .txt, .png)."""
    known = load_products_with_letters(products)
    if product not in known:
        raise Invalid(f"--product を次のいずれかで指定してください: {', '.join(known)}")
    made = asyncio.run(_composed(known[product]))
    with _drawing() as draw:
        for case, letter in made:
            _write(letter, out / case, draw)
    print(f"{len(made)} 通のメールを {out} に書き出しました。")


async def _composed(product: ProductWithLetters) -> list[tuple[str, SampleLetter]]:
    """With the case that each is for; what says the same as a letter of another case is left out."""
    papers, now = TypstPapers(utc_now, TypstHere(FONTS)), utc_now()
    made: dict[tuple[str, str], tuple[str, SampleLetter]] = {}
    for case, contact in CONTACTS.items():
        async for letter in sample_letters(product, contact, papers, now):
            made.setdefault((letter.name, letter.email.text), (case, letter))
    return list(made.values())


def _write(letter: SampleLetter, folder: Path, draw: Draw | None) -> None:
    """The mail as it would be sent, its two texts as a mail program takes them out of it, and its pictures."""
    content = joined(encode(letter.email))
    mail = message_from_bytes(content, policy=policy.default)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{letter.name}.eml").write_bytes(content)
    for subtype, ending in (("plain", "txt"), ("html", "html")):
        body = mail.get_body((subtype,))
        text = "" if body is None else str(body.get_content())
        (folder / f"{letter.name}.{ending}").write_text(text.replace("\r", ""), "utf-8")
    if draw is not None:
        draw(folder / f"{letter.name}.html")


@contextmanager
def _drawing() -> Iterator[Draw | None]:
    """None, and a sentence that says why, where pictures cannot be made."""
    chromium = shutil.which("chromium")
    missing = [
        name for name, is_there in (("Chromium", chromium), ("Playwright", find_spec("playwright"))) if not is_there
    ]
    if chromium is None or missing:
        print(f"PNG は書き出しません。この端末には {'と '.join(missing)} がありません。", file=sys.stderr)
        yield None
        return
    with import_module("local.letter_pictures").drawing(chromium) as draw:
        yield draw
