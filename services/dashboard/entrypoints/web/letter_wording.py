"""What became of a letter, in words for a clerk who does not know what SMTP is."""

from collections.abc import Mapping
from typing import Final

from services.dashboard.domain.letters import CaseLetter

_REPLIES: Final[Mapping[int, str]] = {
    550: "相手のサーバーが、このメールアドレスはない、または受け取らないと答えました",
    551: "相手のサーバーが、このメールアドレスはここにはないと答えました",
    552: "相手のメールボックスがいっぱいか、メールが大きすぎます",
    553: "相手のサーバーが、メールアドレスの書き方が正しくないと答えました",
    554: "相手のサーバーが受け取りを断りました（迷惑メールと判定された場合もあります）",
    556: "相手のドメイン（@の後ろ）は、メールを受け取っていません",
}
"""RFC 5321 (4.2.3) and RFC 7504."""
_REFUSED: Final = 500
_MB: Final = 1_000_000


def reply_in_words(code: int | None) -> str:
    """Why the mail server did not take a letter in the end."""
    if code is None:
        return "相手のサーバーにつながりませんでした"
    if code < _REFUSED:
        return "相手のサーバーが、一時的に受け取れない状態のままでした"
    return _REPLIES.get(code, "相手のサーバーが受け取りを断りました")


def letter_course(letter: CaseLetter) -> str:
    """One sentence about the attempts to send it; empty where its state says everything."""
    times = f"{letter.attempts}回"
    if letter.state == "failed" and not letter.is_not_made:
        tried = f"{times}送信を試しました。" if letter.attempts > 1 else ""
        return f"{tried}{reply_in_words(letter.reply_code)}。自動では再送されません。"
    if letter.state == "sent" and letter.attempts > 1:
        return f"{times}目の送信で、メールサーバーが受け取りました。"
    if letter.state == "waiting":
        return "送信の途中です。メールサーバーが受け取るまで、約3日間、自動でくり返し送信します。"
    return ""


def file_size(size: int) -> str:
    """`72 kB`, `4.2 MB`: as a file manager says it."""
    return f"{size / _MB:.1f} MB" if size >= _MB else f"{-(-size // 1_000)} kB"
