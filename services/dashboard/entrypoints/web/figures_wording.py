"""The Japanese texts of the figures."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from services.dashboard.domain.figures import Figure, Line, PeriodProblem
from services.dashboard.domain.listing import NOBODY
from services.dashboard.entrypoints.web.list_wording import FIRST_ANSWERS, REASONS, TURNOVER_BANDS
from services.dashboard.entrypoints.web.wording import MAILS, OUTCOMES, STATES, duration
from shared.yen import yen

FIGURES: Final[Mapping[Figure, str]] = {
    Figure.DAYS: "日別の受付件数",
    Figure.OPEN: "対応中のご依頼（受付からの日数）",
    Figure.STATES: "ご依頼の状態",
    Figure.FIRST_ANSWERS: "初回連絡（連絡した人別）",
    Figure.QUOTED: "受付から見積りまでの時間",
    Figure.MAILED: "受付から回答メールまでの時間",
    Figure.OUTCOMES: "対応の結果",
    Figure.REASONS: "見送り・お引受けできない理由",
    Figure.PREMIUMS: "保険料（業種・売上高別）",
    Figure.MAILS: "メールの状態",
}
EXPLAINED: Final[Mapping[Figure, str]] = {
    Figure.OPEN: "期間にかかわらず、いま対応中のすべてのご依頼です。",
    Figure.FIRST_ANSWERS: (
        "お見積りのご依頼について、最初に連絡を試みた人と、約束した期限に間に合ったかを示します。"
        "つながらなかった連絡も数えます。"
    ),
    Figure.QUOTED: (
        "料率表で自動的に算出した、最初の見積り（第1版）までの時間です。職員が設定したものや、あとの版は含みません。"
        "中央値は、半分のご依頼がその時間以内だったことを示します。"
    ),
    Figure.MAILED: "お客さまへの回答（見積書など）のメールが送られるまでの時間です。",
    Figure.REASONS: "割合は、理由を記録したご依頼の全体を100％とします。",
    Figure.PREMIUMS: (
        "保険料は年額の平均です。重複としたご依頼と、メール停止中のご依頼は数えません。"
        "ご回答を訂正して見積もったご依頼は、訂正後の業種・売上高で数えます。"
    ),
}
VALUES: Final[Mapping[Figure, str]] = {
    Figure.QUOTED: "時間",
    Figure.MAILED: "時間",
    Figure.REASONS: "割合",
    Figure.PREMIUMS: "平均保険料",
}
"""The heading over what is said beside the number, where something is."""
TIMES: Final = frozenset({Figure.QUOTED, Figure.MAILED})
"""Their lines overlap: a bar of what is within the median says nothing beside one of what is within 95 %."""
PERIOD_PROBLEMS: Final[Mapping[PeriodProblem, str]] = {
    "wrong-way": "期間の始まりが終わりより後です。日付を確認してください。",
    "too-long": "期間は366日以内で指定してください。",
}
_TIMES: Final = {
    "50": "中央値以内",
    "95": "95％のご依頼がこの時間以内",
    "100": "それより長くかかったもの（最長の時間）",
}


_OUTCOMES: Final[Mapping[str, str]] = {str(outcome): name for outcome, name in OUTCOMES.items()} | {"": "対応中"}
_ANSWERS: Final[Mapping[str, str]] = {str(answer): name for answer, name in FIRST_ANSWERS.items()}
_STATES: Final[Mapping[str, str]] = {state.value: name for state, name in STATES.items()}
_MAILS: Final[Mapping[str, str]] = MAILS


def label(figure: Figure, line: Line, industries: Mapping[str, str]) -> str:
    """What is counted in *line*. A value that this version does not know is shown as it is."""
    first, last = (_text(line.key[0]), _text(line.key[-1]))
    words = {
        Figure.DAYS: lambda: _day(first),
        Figure.OPEN: lambda: _age(first, last),
        Figure.STATES: lambda: _STATES.get(first, first),
        Figure.FIRST_ANSWERS: lambda: "・".join(filter(None, (first, _ANSWERS.get(last, last)))),
        Figure.QUOTED: lambda: _TIMES[first],
        Figure.MAILED: lambda: _TIMES[first],
        Figure.OUTCOMES: lambda: _OUTCOMES.get(first, first),
        Figure.REASONS: lambda: f"{_OUTCOMES.get(first, first)}：{REASONS.get(last or NOBODY, last)}",
        Figure.PREMIUMS: lambda: (
            f"{industries.get(first, first) or '業種なし'}・{TURNOVER_BANDS.get(last or NOBODY, last)}"
        ),
        Figure.MAILS: lambda: _MAILS.get(first, first),
    }
    return words[figure]()


def value(figure: Figure, line: Line) -> str:
    """What is said beside the number; empty where nothing is."""
    if line.value is None:
        return ""
    match figure:
        case Figure.PREMIUMS:
            return yen(line.value)
        case Figure.REASONS:
            return f"{line.value}％"
        case _:
            return duration(timedelta(milliseconds=line.value))


def conversion(lines: tuple[Line, ...]) -> str | None:
    """Of the cases in `OUTCOMES` that were decided, how many go to an application: `25％（4件中1件）`."""
    counts = {line.key[0]: line.count for line in lines}
    decided = sum(counts.get(outcome, 0) for outcome in ("handed-over", "not-taken-up", "declined"))
    won = counts.get("handed-over", 0)
    return f"{won / decided:.0%}".replace("%", "％") + f"（{decided:,}件中{won:,}件）" if decided else None


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.month}月{day.day}日"


def _age(least: str, most: str) -> str:
    if not most:
        return f"{least}日以上前"
    return "本日" if most == "0" else f"{least}〜{most}日前"


def _text(value: object) -> str:
    return "" if value is None else str(value)
