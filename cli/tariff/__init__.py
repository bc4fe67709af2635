"""`mitsumori tariff …`: the actuary's commands, one file for each group of them.

The files here have only what a user types. What a command does is in `run/`, which is imported when the command runs,
so that `--help` stays quick.
"""

# In this order `--help` lists the commands.
from cli.tariff import excel, impact, prices, publish, review
from cli.tariff.app import app

__all__ = ["app", "excel", "impact", "prices", "publish", "review"]
