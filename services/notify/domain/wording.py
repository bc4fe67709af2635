"""How amounts and moments are written for people: 円, 万 and 億, and dates in Japan."""

from datetime import date, datetime, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")

_OKU = 100_000_000
_MAN = 10_000


def yen(amount: int) -> str:
    """`67,000円`."""
    return f"{amount:,}円"


def round_yen(amount: int) -> str:
    """A limit as it is spoken: `1億5,000万円`, `3,000万円`; an odd amount in plain 円."""
    if amount < _MAN or amount % _MAN:
        return yen(amount)
    oku, rest = divmod(amount, _OKU)
    man = rest // _MAN
    return (f"{oku:,}億" if oku else "") + (f"{man:,}万" if man else "") + "円"


def deductible(amount: int) -> str:
    """What the insured bears; 0 is said in a word."""
    return round_yen(amount) if amount else "なし"


def turnover(thousand_yen: int) -> str:
    """`5億円(500,000千円)`: the form asks in 千円, and saying it in 円 too stops an error of a thousand."""
    return f"{round_yen(thousand_yen * 1000)}({thousand_yen:,}千円)"


def jst_date(moment: datetime) -> date:
    """The day that it is in Japan."""
    return moment.astimezone(JST).date()


def day(moment: date) -> str:
    """`2026年12月23日`; a moment counts as the day that it is in Japan."""
    if isinstance(moment, datetime):
        moment = jst_date(moment)
    return f"{moment.year}年{moment.month}月{moment.day}日"


def minute(moment: datetime) -> str:
    """`2026年11月23日 10時02分`."""
    local = moment.astimezone(JST)
    return f"{day(local)} {local.hour}時{local.minute:02d}分"
