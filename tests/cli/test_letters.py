"""`mitsumori letters preview`: every kind of mail in files, before a customer gets one."""

import re
from email import message_from_bytes, policy
from pathlib import Path
from typing import get_args

from shared.events import LetterKind
from tests.cli.builders import mitsumori


def test_every_kind_of_mail_is_written_as_it_would_be_sent_and_without_a_browser_no_picture(tmp_path: Path) -> None:
    ended = mitsumori("letters", "preview", "--out", tmp_path, PATH=str(tmp_path))

    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    assert (ended.returncode, "PNG は書き出しません" in ended.stderr) == (0, True), ended.stderr
    assert {path.suffix for path in written} == {".eml", ".html", ".txt"}
    assert set(get_args(LetterKind)) <= {path.stem for path in (tmp_path / "sample").iterdir()}
    assert re.fullmatch(rf"{len(written) // 3} 通のメールを .+ に書き出しました。\n", ended.stdout)
    mail = message_from_bytes((tmp_path / "sample" / "quote.eml").read_bytes(), policy=policy.strict)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == (tmp_path / "sample" / "quote.txt").read_text("utf-8").splitlines()


def test_a_product_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    ended = mitsumori("letters", "preview", "--product", "none", "--out", tmp_path / "out")

    assert (ended.returncode, "cyber-security" in ended.stderr) == (2, True)
    assert not (tmp_path / "out").exists()
