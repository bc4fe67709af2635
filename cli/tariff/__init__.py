"""`mitsumori tariff …`: the actuary's commands. `app.py` lists them; each has a file, export and import share one."""
