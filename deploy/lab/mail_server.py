"""The mail server of deploy/lab/newcomer.yml: whom it refuses, and what it has got."""

import smtplib
import ssl
from pathlib import Path

import httpx

NAME = "smtp.example.jp"
SMTP_PORT = 28587
_REFUSED = 530


def refuses_whom_it_does_not_know(certificate: Path) -> bool:
    """Whether it takes no mail without STARTTLS, nor with it from somebody without a password."""
    with smtplib.SMTP("127.0.0.1", SMTP_PORT, timeout=10) as server:
        server.ehlo()
        in_the_clear, _ = server.mail("mitsumori@example.jp")
        server._host = NAME  # type: ignore[attr-defined]  # noqa: SLF001  # whose certificate it must be
        server.starttls(context=ssl.create_default_context(cafile=certificate))
        server.ehlo()
        unknown, _ = server.mail("mitsumori@example.jp")
    return in_the_clear == unknown == _REFUSED


def mails_to(address: str, at: str) -> list[str]:
    """The subjects of what has come for *address*, by the list at *at*."""
    answer = httpx.get(f"{at}/api/v1/search", params={"query": f"to:{address}"}, trust_env=False)
    answer.raise_for_status()
    return [str(mail["Subject"]) for mail in answer.json()["messages"]]
