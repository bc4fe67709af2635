"""Domains that nobody has, so that no site and no mail of a customer can have one: two parts of the doctor ask."""

from typing import Final

_OF_EXAMPLES: Final = (
    "example",
    "test",
    "invalid",
    "localhost",
    "example.com",
    "example.net",
    "example.org",
    "example.jp",
)
"""RFC 2606, RFC 6761; JPRS keeps example.jp."""


def is_example(host: str) -> bool:
    """Whether *host*, in small letters, is one of them or lies below one."""
    return any(host == example or host.endswith(f".{example}") for example in _OF_EXAMPLES)
