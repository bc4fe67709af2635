"""`mitsumori tokens`: made, listed and taken back from the command line."""

from pathlib import Path

from tests.cli.builders import mitsumori


def test_a_token_is_made_listed_and_revoked(mongo_uri: str, tmp_path: Path) -> None:
    name = f"board-{tmp_path.name[-8:]}".lower().replace("_", "-")
    scopes = ("--scope", "cases:read", "--scope", "quotes:read")

    made = mitsumori("tokens", "add", name, *scopes, "--days", "30", MITSUMORI_MONGO=mongo_uri)
    again = mitsumori("tokens", "add", name, *scopes, MITSUMORI_MONGO=mongo_uri)
    listed = mitsumori("tokens", "list", MITSUMORI_MONGO=mongo_uri)
    revoked = mitsumori("tokens", "revoke", name, MITSUMORI_MONGO=mongo_uri)
    after = mitsumori("tokens", "list", MITSUMORI_MONGO=mongo_uri)
    twice = mitsumori("tokens", "revoke", name, MITSUMORI_MONGO=mongo_uri)

    assert made.stdout.startswith("mitsumori_"), made.stderr
    assert (again.returncode, "すでに使われています" in again.stderr) == (2, True)
    [line] = [line for line in listed.stdout.splitlines() if line.startswith(f"{name}\t")]
    assert "有効(" in line
    assert line.endswith("最終利用 なし\tcases:read\tquotes:read")
    assert made.stdout.strip() not in listed.stdout
    assert revoked.returncode == 0
    assert f"{name}\t取消済(" in after.stdout
    assert (twice.returncode, "有効なトークンはありません" in twice.stderr) == (2, True)


def test_a_contact_is_not_given_without_its_case(mongo_uri: str) -> None:
    ended = mitsumori("tokens", "add", "crm", "--scope", "cases:contact", MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, "cases:read も必要です" in ended.stderr) == (2, True)
