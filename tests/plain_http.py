"""Clients of the sites that run on this machine, which speak no TLS."""

import ssl
from typing import Any, Final

import httpx

_NO_TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def a_client(base_url: str = "", **options: Any) -> httpx.Client:  # noqa: ANN401  # httpx's
    """It knows no proxy, and no certificate authority: to read all of them takes longer than most tests."""
    return httpx.Client(base_url=base_url, verify=_NO_TLS, trust_env=False, **options)
