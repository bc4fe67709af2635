"""`mitsumori tariff …`: the actuary's commands, one file for each kind of work."""

from cli.tariff import excel, impact, prices, publish, review
from cli.tariff.app import app

__all__ = ["app", "excel", "impact", "prices", "publish", "review"]
