"""`mitsumori tariff …`: the actuary's commands, one file for each kind of work."""

from deploy.tariff import excel, impact, prices, publish, review
from deploy.tariff.app import app

__all__ = ["app", "excel", "impact", "prices", "publish", "review"]
