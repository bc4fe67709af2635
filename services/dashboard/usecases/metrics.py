"""Figures that operators watch, beside those of the runtime."""

from typing import Final

from prometheus_client import Counter

LOG_INS: Final = Counter("staff_log_ins_total", "Log-ins of staff", ["outcome"])
WEBHOOKS: Final = Counter("webhook_attempts_total", "Attempts to tell other programs by webhooks", ["outcome"])
