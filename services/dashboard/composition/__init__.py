"""The composition root in parts: what is read first, how staff log in, and what the pages work with."""
