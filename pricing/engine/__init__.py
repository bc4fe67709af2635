"""Prices: pure functions of the answers and a tariff. No I/O, no framework."""
