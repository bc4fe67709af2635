"""The lint rules, one file for each section of a tariff."""
