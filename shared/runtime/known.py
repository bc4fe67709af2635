"""What this process understands, in one word: what it has failed to understand is tried again by one with another word.

So a record that a process of the version before has set aside, because it did not know its type, a word of its body or
the form that it names, is worked on by the first process that may know it, and by each only once (work_again.py).
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from shared.events import PUBLISHED

NOT_UNDERSTOOD: Final = ("unknown-type", "bad-body", "unknown-form", "unknown-product")
"""Why a record is set aside that another version, or other products, may understand: texts of `Invalid`."""
_LETTERS: Final = 16


def word_for(forms: Iterable[str]) -> str:
    """For the events of this code, and the *forms* that its products have and had."""
    events = {event.type: event.model_json_schema() for event in PUBLISHED}
    return sha256(json.dumps([events, sorted(forms)], sort_keys=True).encode()).hexdigest()[:_LETTERS]
