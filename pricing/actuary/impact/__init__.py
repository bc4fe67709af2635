"""What a new tariff would do to a book of requests: the same book, rated under both, and compared.

A million made-up requests are rated column by column in whole numbers, and a sample of them again by the engine that
prices customers: where the two differ by a yen, nothing is reported.
"""
