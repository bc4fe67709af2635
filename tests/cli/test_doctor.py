"""`mitsumori doctor mail`: each broken set-up is named, and a right one has no finding."""

import asyncio
import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local.dkim import add_dkim_key
from tests.cli.builders import mitsumori
from tests.local.scripted_smtp_server import ScriptedServer
from tests.services.notify.dns_server import DnsServer
from tests.services.notify.receiver import accepts_signature

pytestmark = pytest.mark.anyio

Records = dict[tuple[str, str], tuple[str, ...]]
Change = Callable[["SetUp"], None]
NAME, FROM_IP = "agency.example", "192.0.2.10"
DKIM_NAME = f"202611._domainkey.{NAME}"


@dataclass
class SetUp:
    """A right set-up, which a test then breaks."""

    folder: Path
    options: list[str] = field(default_factory=lambda: ["--from-ip", FROM_IP])
    smtp_options: str = ""
    more_settings: dict[str, str] = field(default_factory=dict)
    is_silent: bool = False
    replies: dict[str, str] = field(default_factory=lambda: {"EHLO": "250-scripted\n250-SIZE 10240000\n250 8BITMIME"})

    def __post_init__(self) -> None:
        self.key = add_dkim_key(self.folder, "202611")
        self.records: Records = {
            (NAME, "MX"): ("10 mx.agency.example.",),
            (NAME, "TXT"): ('"v=spf1 include:spf.provider.example -all"', '"google-site-verification=x"'),
            ("spf.provider.example", "TXT"): ('"v=spf1 ip4:192.0.2.0/28 ~all"',),
            (DKIM_NAME, "TXT"): (quoted(self.key),),
            (f"_dmarc.{NAME}", "TXT"): ('"v=DMARC1; p=quarantine; rua=mailto:dmarc@agency.example"',),
            ("10.2.0.192.in-addr.arpa", "PTR"): ("out.agency.example.",),
            ("out.agency.example", "A"): (FROM_IP,),
        }

    def txt(self, name: str, *texts: str) -> None:
        self.records[(name, "TXT")] = tuple(map(quoted, texts))

    async def diagnosed(self, *options: str) -> tuple[subprocess.CompletedProcess[str], ScriptedServer]:
        async with DnsServer(self.records, self.is_silent) as dns, ScriptedServer(self.replies) as smtp:
            words = ("doctor", "mail", "--resolver", dns.address, *self.options, *options)
            settings = {
                "MITSUMORI_SMTP": smtp.url + self.smtp_options,
                "MITSUMORI_MAIL_FROM": f"noreply@{NAME}",
                "MITSUMORI_KEYS": str(self.folder / "notify"),
                **self.more_settings,
            }
            return await asyncio.to_thread(lambda: mitsumori(*words, **settings)), smtp

    async def findings(self) -> tuple[list[str], int]:
        ended, _ = await self.diagnosed("--json")
        assert ended.stdout, ended.stderr
        found: list[Mapping[str, Any]] = json.loads(ended.stdout)["findings"]
        assert all(finding["says"] and finding["repair"] for finding in found)
        return [finding["finding"] for finding in found], ended.returncode


def quoted(text: str) -> str:
    """In parts of 255 bytes, as the DNS needs it."""
    return " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))


@pytest.fixture
def set_up(tmp_path: Path) -> SetUp:
    return SetUp(tmp_path)


async def test_a_right_set_up_has_no_finding(set_up: SetUp) -> None:
    ended, _ = await set_up.diagnosed()

    assert (ended.returncode, ended.stdout) == (0, "対応が必要な点はありません。\n"), ended.stderr


async def test_the_return_path_is_what_receivers_look_at(set_up: SetUp) -> None:
    """The doctor found nothing, and notify ended its own start for the missing record of the return path."""
    set_up.more_settings["MITSUMORI_RETURN_PATH"] = f"bounces@back.{NAME}"

    missing, _ = await set_up.findings()
    set_up.txt(f"back.{NAME}", "v=spf1 include:spf.provider.example -all")
    published, _ = await set_up.findings()

    assert (missing, published) == (["no-spf"], [])


def no_mail_host(broken: SetUp) -> None:
    del broken.records[(NAME, "MX")]


def no_spf(broken: SetUp) -> None:
    broken.txt(NAME, "google-site-verification=x")


def two_spf(broken: SetUp) -> None:
    broken.txt(NAME, "v=spf1 ip4:192.0.2.10 -all", "v=spf1 mx -all")


def spf_refers_to_nothing(broken: SetUp) -> None:
    del broken.records[("spf.provider.example", "TXT")]


def eleven_lookups(broken: SetUp) -> None:
    broken.txt(NAME, "v=spf1 ip4:192.0.2.10 " + " ".join(f"include:s{n}.agency.example" for n in range(11)) + " -all")
    for number in range(11):
        broken.txt(f"s{number}.agency.example", "v=spf1 ip4:198.51.100.1 -all")


def everybody_may_send(broken: SetUp) -> None:
    broken.txt("spf.provider.example", "v=spf1 +all")


def another_sender(broken: SetUp) -> None:
    broken.txt("spf.provider.example", "v=spf1 ip4:198.51.100.0/24 ~all")


def no_public_key(broken: SetUp) -> None:
    del broken.records[(DKIM_NAME, "TXT")]


def key_of_before(broken: SetUp) -> None:
    broken.txt(DKIM_NAME, add_dkim_key(broken.folder / "before", "202611"))


def broken_key(broken: SetUp) -> None:
    (broken.folder / "notify" / "mitsumori_dkim_202611.pem").write_text("-----BEGIN PRIVATE KEY-----\n")


def no_dmarc(broken: SetUp) -> None:
    del broken.records[(f"_dmarc.{NAME}", "TXT")]


def dmarc_without_policy(broken: SetUp) -> None:
    broken.txt(f"_dmarc.{NAME}", "v=DMARC1; rua=mailto:dmarc@agency.example")


def two_dmarc(broken: SetUp) -> None:
    broken.txt(f"_dmarc.{NAME}", "v=DMARC1; p=reject", "v=DMARC1; p=quarantine")


def short_key_alone(broken: SetUp) -> None:
    (broken.folder / "notify" / "mitsumori_dkim_202611.pem").unlink()
    broken.txt(DKIM_NAME, add_dkim_key(broken.folder, "202611", ed25519=True))


def envelope_of_another_and_no_signature(broken: SetUp) -> None:
    broken.options += ["--envelope-from", "bounce@provider.example"]
    broken.txt("provider.example", "v=spf1 ip4:192.0.2.10 -all")
    no_public_key(broken)


def no_reverse_name(broken: SetUp) -> None:
    del broken.records[("10.2.0.192.in-addr.arpa", "PTR")]


def reverse_name_of_another(broken: SetUp) -> None:
    broken.records[("out.agency.example", "A")] = ("192.0.2.11",)


def server_away(broken: SetUp) -> None:
    broken.replies["greeting"] = ""


def no_encryption(broken: SetUp) -> None:
    broken.smtp_options = "?starttls=1"


def small_letters_only(broken: SetUp) -> None:
    broken.replies["EHLO"] = "250-scripted\n250-SIZE 5000000\n250 8BITMIME"


def not_known_here(broken: SetUp) -> None:
    broken.replies["greeting"] = "554 5.7.1 not you"


@pytest.mark.parametrize(
    ("break_it", "finding"),
    [
        (no_mail_host, "no-mail-host"),
        (no_spf, "no-spf"),
        (two_spf, "two-spf"),
        (spf_refers_to_nothing, "broken-spf"),
        (eleven_lookups, "spf-too-many-lookups"),
        (everybody_may_send, "spf-everybody"),
        (another_sender, "spf-without-sender"),
        (no_public_key, "dkim-not-published"),
        (key_of_before, "dkim-other-key"),
        (broken_key, "broken-dkim-key"),
        (no_dmarc, "no-dmarc"),
        (dmarc_without_policy, "broken-dmarc"),
        (two_dmarc, "two-dmarc"),
        (short_key_alone, "dkim-ed25519-only"),
        (envelope_of_another_and_no_signature, "unaligned"),
        (no_reverse_name, "no-ptr"),
        (reverse_name_of_another, "ptr-not-confirmed"),
        (server_away, "smtp-away"),
        (no_encryption, "smtp-encryption"),
        (small_letters_only, "smtp-too-small"),
        (not_known_here, "smtp-greeting"),
    ],
    ids=lambda part: getattr(part, "__name__", part),
)
async def test_a_broken_set_up_is_named_by_its_finding(set_up: SetUp, break_it: Change, finding: str) -> None:
    break_it(set_up)

    found, code = await set_up.findings()

    others = {"dkim-not-published"} if finding == "unaligned" else set()
    assert {*found} - others == {finding}
    assert code == 1


async def test_what_need_not_be_mended_is_said_and_ends_well(set_up: SetUp) -> None:
    set_up.txt(f"_dmarc.{NAME}", "v=DMARC1; p=none")
    (set_up.folder / "notify" / "mitsumori_dkim_202611.pem").unlink()
    set_up.replies.clear()

    found, code = await set_up.findings()

    assert found == ["no-dkim-key", "dmarc-none", "smtp-no-8bitmime"]
    assert code == 0


async def test_each_finding_is_told_with_its_repair(set_up: SetUp) -> None:
    no_public_key(set_up)

    ended, _ = await set_up.diagnosed()

    assert ended.stdout.splitlines() == [
        f"[要対応] DKIM の公開鍵が {DKIM_NAME} に登録されていません。",
        f"    → 次の TXT レコードを登録してください: {set_up.key}",
    ]


async def test_a_dns_that_does_not_answer_is_told_within_ten_seconds(set_up: SetUp) -> None:
    set_up.is_silent = True

    async with asyncio.timeout(20):
        found, code = await set_up.findings()

    assert found == ["dns-silent"] * 3
    assert code == 1


async def test_a_test_mail_is_sent_and_signed_as_letters_are(set_up: SetUp) -> None:
    ended, smtp = await set_up.diagnosed("--to", "operator@customer.example")
    refused_set_up = set_up
    refused_set_up.replies["RCPT"] = "550 5.1.1 no such user"
    refused, _ = await refused_set_up.diagnosed("--to", "operator@customer.example")

    assert "テストのメールは受け付けられました: 250 2.0.0 kept" in ended.stdout, ended.stderr
    assert "RCPT TO:<operator@customer.example>" in smtp.commands
    [content] = smtp.contents
    assert accepts_signature(content.replace(b"\r\n..", b"\r\n.").removesuffix(b".\r\n"), {"202611": set_up.key})
    assert "[要対応] テストのメールは受け付けられませんでした: RCPT 550 5.1.1 no such user" in refused.stdout
    assert refused.returncode == 1


@pytest.mark.parametrize(
    ("option", "value"), [("--to", "nobody"), ("--from-ip", "agency.example"), ("--resolver", "127.0.0.1:dns")]
)
def test_a_wrong_option_is_told_in_one_sentence(tmp_path: Path, option: str, value: str) -> None:
    settings = {"MITSUMORI_SMTP": "smtp://localhost", "MITSUMORI_MAIL_FROM": "us@agency.example"}

    ended = mitsumori("doctor", "mail", option, value, MITSUMORI_KEYS=str(tmp_path), **settings)

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"mitsumori: {option} には、")
