"""`mitsumori tariff …`: the actuary's commands, one file for each kind of work."""
