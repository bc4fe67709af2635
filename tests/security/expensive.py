"""Requests that were made to be expensive, each by a name and in any size."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, Final
from urllib.parse import quote, urlencode

from tests.security.costs import KB, Request
from tests.services.dashboard.builders import REQUEST
from tests.services.intake.builders import a_product

BODY_SIZES: Final = (1 * KB, 8 * KB, 60 * KB)
HEAD_SIZES: Final = (1 * KB, 8 * KB, 30 * KB)
"""The server takes no longer head (shared/runtime/connections.py)."""
FORM: Final = a_product().form
KEYS: Final = tuple(question.key for question in FORM.questions)


def rare_characters(size: int) -> str:
    """As many different ones as possible, which no font of ours has."""
    return "".join(chr(0x20000 + number % 40_000) for number in range(size // 4))


TEXTS: Final[dict[str, Callable[[int], str]]] = {
    "digits, then a letter": lambda size: "1" * size + "x",
    "digits with a unit": lambda size: "1" * 11 + "億" + "1" * size + "x",
    "wide digits": lambda size: "１" * (size // 3) + "x",
    "units": lambda size: "1万" * (size // 4) + "x",
    "blanks": lambda size: "a" + " " * size + "a",
    "wide blanks": lambda size: "　" * (size // 3) + "a",
    "line ends": lambda size: "\r\n" * (size // 2) + "a",
    "dots": lambda size: "a." * (size // 2) + "@",
    "at signs": lambda size: "@" * size,
    "hyphens": lambda size: "0-" * (size // 2) + "x",
    "brackets": lambda size: "(" * size,
    "links": lambda size: "http://a.b " * (size // 11),
    "marks": lambda size: "か" + "\u3099" * (size // 3),
    "half-width kana": lambda size: "ｶﾞ" * (size // 6),
    "invisible characters": lambda size: "\u200b" * (size // 3),
    "encoded words": lambda size: "=?utf-8?b?" * (size // 10),
    "rare characters": rare_characters,
    "escapes": lambda size: "%" * size,
    "tags": lambda size: "<a" * (size // 2),
}


def filled(path: str, text: str) -> str:
    """*path* with *text*, as it is sent, for whatever it leaves open."""
    return re.sub(r"\{[^}]+\}", lambda _: text, path)


def usual(path: str) -> str:
    """*path* as an ordinary visitor opens it."""
    return filled(path.replace("{request_id}", REQUEST).replace("{index:int}", "0"), "nobody")


@cache
def everywhere(text: Callable[[int], str], size: int) -> bytes:
    """The same in every field, as long as it fits."""
    return urlencode(dict.fromkeys(KEYS, text(size // len(KEYS) // 3))).encode()


@cache
def quoted(text: Callable[[int], str], size: int) -> str:
    """As it is sent in an address."""
    return quote(text(size), safe="")


def bodies(method: str, path: str) -> Iterator[tuple[str, Callable[[int], Request]]]:
    """Requests with an expensive body, by name; each takes its size."""
    as_form = {"Content-Type": "application/x-www-form-urlencoded"}
    as_json = {"Content-Type": "application/json"}

    def post(content: Callable[[int], bytes], headers: dict[str, str]) -> Callable[[int], Request]:
        return lambda size: {
            "method": method,
            "url": usual(path),
            "content": content(size)[: 64 * KB],
            "headers": headers,
        }

    for name, text in TEXTS.items():
        yield f"form of {name}", post(partial(everywhere, text), as_form)
    yield "form of one long name", post(lambda size: b"a" * size + b"=", as_form)
    yield "form of many fields", post(lambda size: b"a=&" * (size // 3), as_form)
    yield "form of one field many times", post(lambda size: b"&".join([b"name=1"] * (size // 7)), as_form)
    yield "form of separators", post(lambda size: b"&" * size, as_form)
    yield "form of escapes", post(lambda size: b"a=" + b"%41" * (size // 3), as_form)
    yield "form of broken escapes", post(lambda size: b"a=" + b"%" * size, as_form)
    yield "deep JSON", post(lambda size: b"[" * size, as_json)
    yield "digits as JSON", post(lambda size: b"1" * size, as_json)
    yield "keys as JSON", post(lambda size: answers({f"{n:x}": 1 for n in range(size // 9)}), as_json)
    yield "a list as an answer", post(lambda size: answers({KEYS[0]: ["x"] * (size // 5)}), as_json)
    yield (
        "multipart",
        post(
            lambda size: b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * (size // 56) + b"--x--",
            {"Content-Type": "multipart/form-data; boundary=x"},
        ),
    )
    yield "no type", post(lambda size: b"a=" + b"x" * size, {})


def answers(typed: dict[str, Any]) -> bytes:
    return json.dumps({"product": "cyber-security", "answers": typed}, ensure_ascii=False).encode()


def heads(method: str, path: str) -> Iterator[tuple[str, Callable[[int], Request]]]:
    """Requests with an expensive head, by name; each takes its size."""
    page = usual(path)

    def address(url: Callable[[int], str]) -> Callable[[int], Request]:
        return lambda size: {"method": method, "url": url(size)[:size]}

    def header(name: str, value: Callable[[int], str]) -> Callable[[int], Request]:
        return lambda size: {"method": method, "url": page, "headers": {name: value(size)}}

    def path_of(text: Callable[[int], str]) -> Callable[[int], str]:
        return lambda size: filled(path, quoted(text, size))

    def query_of(text: Callable[[int], str]) -> Callable[[int], str]:
        return lambda size: f"{page}?q={quoted(text, size)}"

    for name, text in TEXTS.items():
        if "{" in path:
            yield f"path of {name}", address(path_of(text))
        yield f"query of {name}", address(query_of(text))
    yield "query of many fields", address(lambda size: f"{page}?{'a&' * size}")
    yield "query of digits", address(lambda size: f"{page}?page={'9' * (size // 2)}&postal_code={'9' * size}")
    yield "path of slashes", address(lambda size: page.rstrip("/") + "/a" * size)
    for name in ("Accept", "Accept-Encoding", "Accept-Language", "Range", "If-None-Match", "If-Modified-Since"):
        yield f"{name} of commas", header(name, lambda size: "a," * (size // 2))
    yield "ranges", header("Range", lambda size: "bytes=" + "0-1," * (size // 4))
    yield "cookies", header("Cookie", lambda size: "a=b; " * (size // 5))
    yield "one cookie", header("Cookie", lambda size: "mitsumori_draft=" + "x" * size)
    yield "a quoted cookie", header("Cookie", lambda size: 'a="' + "\\0" * (size // 2))
    yield "a type of semicolons", header("Content-Type", lambda size: "a/b" + ";" * size)
    yield "a key", header("Idempotency-Key", lambda size: "x" * size)
