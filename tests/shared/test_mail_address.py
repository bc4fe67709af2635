"""What intake accepts as a mail address, notify must be able to send to: both ask `shared.mail_address`."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from shared.mail_address import is_mail_address, mailbox_of

_ORDINARY = (
    "taro@example.co.jp",
    "taro.mihon+desk@example.co.jp",
    "o'neil@example.com",
    "a@b.co",
    "!#$%&'*+-/^_`{|}~@example.com",
    "taro@xn--wgv71a119e.jp",
    "taro@example.xn--q9jyb4c",
    "a=b?c@example.com",
)


@pytest.mark.parametrize("address", _ORDINARY)
def test_an_ordinary_address_survives_a_header(address: str) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["To"] = Address(display_name="見本 太郎", addr_spec=address)

    assert is_mail_address(address)
    assert mail["To"].addresses[0].addr_spec == address


@pytest.mark.parametrize(
    "address",
    ["a..b@docomo.ne.jp", "abc.@docomo.ne.jp", ".abc@ezweb.ne.jp", "a...b.@au.com", "a..b@t.vodafone.ne.jp"],
)
def test_an_old_phones_address_is_one(address: str) -> None:
    """Phone companies gave them out until 2009, and people still have them; they were told of a typing error."""
    assert is_mail_address(address)


@pytest.mark.parametrize("name", ["=?utf-8?q?x?=", "=?UTF-8?B?eA==?=", "a=?b", "x?=", "=?iso-2022-jp?b?x?=.a"])
@pytest.mark.parametrize("domain", ["example.com", "docomo.ne.jp"])
def test_what_looks_like_an_encoded_word_is_none(name: str, domain: str) -> None:
    """`=?utf-8?q?x?=@example.com` was accepted, became another text in the header, and ended as a dead letter."""
    assert not is_mail_address(f"{name}@{domain}")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "taro",
        "taro@",
        "@example.com",
        "taro@example",
        "a..b@example.com",
        ".a@gmail.com",
        "a.@notdocomo.ne.jp",
        "..@docomo.ne.jp",
        '"a..b"@docomo.ne.jp',
        "a b@example.com",
        "a@b@example.com",
        "taro@-a.com",
        "taro@a-.com",
        "taro@a..com",
        "taro@example.com.",
        "taro@192.168.0.1",
        "taro@[192.168.0.1]",
        "太郎@example.com",
        "taro@日本語.jp",
        "taro@example.com\n",
        "taro\r\nBcc: x@example.com",
        "taro@example.com,x@example.com",
        "<taro@example.com>",
        "Taro <taro@example.com>",
        f"{'a' * 65}@example.com",
        f"taro@{'a' * 64}.com",
        f"taro@{'a.' * 130}com",
        "a" * 60_000,
        "a@" + "a." * 30_000,
    ],
    ids=lambda text: text[:24],
)
def test_anything_else_is_none(address: str) -> None:
    assert not is_mail_address(address)


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Taro@Example.co.jp", "taro@example.co.jp"),
        ("taro+1@example.co.jp", "taro@example.co.jp"),
        ("taro+1+2@example.co.jp", "taro@example.co.jp"),
        ("Ta.Ro+x@gmail.com", "taro@gmail.com"),
        ("t.aro@googlemail.com", "taro@gmail.com"),
        ("taro@me.com", "taro@icloud.com"),
        ("taro+x@mac.com", "taro@icloud.com"),
        ("Ta-r_o@pm.me", "taro@proton.me"),
        ("t.aro@protonmail.com", "taro@proton.me"),
        ("..@gmail.com", "..@gmail.com"),
        ("t.aro@example.co.jp", "t.aro@example.co.jp"),
        ("+@example.co.jp", "+@example.co.jp"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("Taro-1@yahoo.co.jp", "taro@yahoo.co.jp"),
        ("taro-shop-2@yahoo.co.jp", "taro@yahoo.co.jp"),
        ("taro_1@yahoo.co.jp", "taro_1@yahoo.co.jp"),
        ("taro-1@yahoo.com", "taro@yahoo.com"),
        ("-taro@yahoo.co.jp", "-taro@yahoo.co.jp"),
        ("taro-1@docomo.ne.jp", "taro-1@docomo.ne.jp"),
        ("taro.1@ezweb.ne.jp", "taro.1@ezweb.ne.jp"),
        ("taro_1@softbank.ne.jp", "taro_1@softbank.ne.jp"),
        ("taro+1@outlook.jp", "taro@outlook.jp"),
        ("ta.ro-1@outlook.com", "ta.ro-1@outlook.com"),
        ("taro+1@fastmail.com", "taro@fastmail.com"),
        ("shop@taro.fastmail.com", "taro@fastmail.com"),
        ("shop@taro.fastmail.fm", "taro@fastmail.fm"),
        ("shop@taro.example.com", "shop@taro.example.com"),
    ],
)
def test_one_mailbox_is_counted_as_one(address: str, mailbox: str) -> None:
    """`plus+1@…` and `plus+2@…` counted as two mailboxes, so that nothing limited what one got.

    Three names of iCloud and four of Proton did the same: three times, four times as many mails. So did the ten
    セーフティーアドレス (base-keyword) of Yahoo! JAPAN, and any number of hosts of Fastmail.
    """
    assert mailbox_of(address) == mailbox
