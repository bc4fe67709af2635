"""Figures that operators watch, beside those of the runtime."""

from typing import Final

from prometheus_client import Counter, Gauge

LOG_INS: Final = Counter("staff_log_ins_total", "Log-ins of staff", ["outcome"])
WEBHOOKS: Final = Counter("webhook_attempts_total", "Attempts to tell other programs by webhooks", ["outcome"])
REQUESTS_KNOWN: Final = Gauge("requests_known", "Requests that the dashboard knows, by where they are", ["state"])
OLDEST_UNANSWERED: Final = Gauge(
    "oldest_unanswered_request_age_seconds", "How long the oldest open request has waited for its quote or referral"
)
