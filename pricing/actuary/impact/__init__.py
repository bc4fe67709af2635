"""What a new tariff would do to a book of requests: the same book, priced under both, and compared.

A million synthetic requests are priced column by column in whole numbers (`batch/`), and a sample of them again by
the engine that prices customers: where the two differ by a single yen, nothing is reported.
See docs/adr/0010-exact-impact-in-columns.md.
"""
