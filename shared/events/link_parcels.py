"""What the parcels of the mails around a colleague's link hold. The rules of `parcels.py`, which lists them, hold."""

from shared.events.base import Model


class ColleagueLinkForNotify(Model):
    """Where a colleague answers what they are asked, and their mail address, which is personal."""

    email: str
    url: str
    """Secret: whoever has it answers in their place, and reads what was typed there so far."""


class AnsweredForNotify(Model):
    """The mail address of whoever asked a colleague, which is personal, and where they go on."""

    email: str
    url: str
    """Where the form begins: it opens nothing by itself."""
