"""By when the desk has promised to act. The summary of a case holds these moments, so that lists can sort by them."""

from datetime import datetime

from services.dashboard.domain.business_hours import BusinessHours


def first_answer_due(accepted_at: datetime, hours: BusinessHours) -> datetime:
    """Until when a person calls back or writes to whoever sent the request that was *accepted_at* (初回対応)."""
    return hours.add_business_time(accepted_at, hours.desk.first_answer)


def next_try_due(tried_at: datetime, hours: BusinessHours) -> datetime:
    """Until when somebody tries again to reach a customer whom nobody reached when it was *tried_at*."""
    return hours.add_business_time(tried_at, hours.desk.next_try)


def referral_due(referred_at: datetime, hours: BusinessHours) -> datetime:
    """Until when a person answers a request that was *referred_at* (お見積りの回答): what form and mails promise."""
    return hours.end_of_business_day(referred_at, hours.desk.reply_days)
