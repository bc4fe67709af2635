"""Shows what cannot be seen. Staff compare names on the page with those on paper, so nothing may be turned or hidden.

A name with U+202E (right-to-left override) would be read from the back, and one with U+200B looks like another one.
Applied to every text on every page (`rendering.py`), because customers' texts reach pages in many ways.
"""

import re
from typing import Final

_EMOJI: Final = "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_SHAPELESS: Final = (
    # Control characters, but not tabs and line ends.
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    # What controls the direction of text, or joins, separates and annotates without a shape of its own.
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    # Letters, marks and symbols that look like nothing.
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    # Half of a character: it cannot be sent as UTF-8.
    "\ud800-\udfff"
)
# Emoji are made of several by U+200D; elsewhere it is invisible.
_UNSEEN: Final = re.compile(f"[{_SHAPELESS}]|(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])")
_find: Final = re.compile(f"[{_SHAPELESS}\u200d]").search
"""A single class of characters is searched ten times faster, and most texts have none of them."""


def visible(text: str) -> str:
    """*text* with each invisible character as `〔U+202E〕`. Variants of kanji (U+FE00, U+E0100 and on) stay."""
    return text if _find(text) is None else _UNSEEN.sub(lambda match: f"〔U+{ord(match[0]):04X}〕", text)


def finalize(value: object) -> object:
    """For Jinja: what is about to be written. Markup is another type: it was made of texts that went through here."""
    return visible(value) if type(value) is str else value
