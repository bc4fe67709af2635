"""Stub until the papers come."""


class TypstPapers:
    """Stub."""
