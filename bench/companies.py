"""Made-up companies with people to ask, in any number: for what must be searched at the size of an agency's book.

The parts of their names are as unequal as real ones: 商事 and システム are in many thousands, most others in few.
"""

import hashlib
from typing import Final

from shared.events.parcels import Contact

_FORMS: Final = ("株式会社", "有限会社", "㈱", "合同会社", "医療法人", "一般社団法人")
_TRADES: Final = (
    *("商事", "工業", "システム", "製作所", "建設", "サービス", "ホールディングス", "興業", "産業", "電機", "運輸"),
    *("テクノロジーズ", "食品", "不動産", "設計事務所", "物流", "印刷", "化学", "歯科医院", "ソリューションズ", "商店"),
    *("コンサルティング", "開発", "金属", "デザイン", "クリニック", "通商", "メディカル", "農園", "水産", "薬局"),
)
_PLACES: Final = (
    *("東京", "日本", "大阪", "中央", "東", "北海道", "名古屋", "西日本", "横浜", "関西", "九州", "新", "福岡", "京都"),
    *("神戸", "東北", "仙台", "広島", "千葉", "埼玉", "静岡", "札幌", "湘南", "多摩", "信州", "北陸", "瀬戸内", "越後"),
)
_NAMES: Final = (
    *("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡邉", "山本", "中村", "小林", "加藤", "吉田", "山田", "佐々木", "山口"),
    *(
        "松本",
        "井上",
        "木村",
        "林",
        "斎藤",
        "清水",
        "山崎",
        "森",
        "池田",
        "橋本",
        "阿部",
        "石川",
        "山下",
        "中島",
        "石井",
    ),
    *("小川", "前田", "岡田", "長谷川", "藤田", "後藤", "近藤", "村上", "遠藤", "青木", "坂本", "斉藤", "福田", "太田"),
)
_GIVEN: Final = (
    *("太郎", "花子", "健一", "美咲", "翔", "陽子", "誠", "由美子", "大輔", "直美", "隆", "真理", "拓也", "恵", "学"),
    *("智子", "浩二", "久美", "亮", "さくら", "一郎", "裕子", "剛", "愛", "修", "香織", "進", "千尋", "聡", "結衣"),
)
_SOUNDS: Final = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
_KANJI: Final = (
    "光和大三栄明昭宝永豊富共協信誠進新友愛正真星月海山川森林松竹梅桜菊鶴亀龍虎鳳金銀玉石水木火土天空風雲雪花春秋"
)
_MAILBOXES: Final = ("gmail.com", "yahoo.co.jp", "outlook.jp", "docomo.ne.jp", "nifty.com", "so-net.ne.jp")


def company(number: int) -> Contact:
    """The same number is always the same company; others may have parts of the name, the person or the provider."""
    draws = iter(hashlib.blake2b(str(number).encode(), digest_size=64).digest())

    def share() -> float:
        return (next(draws) * 256 + next(draws)) / 65_536

    def often(words: tuple[str, ...]) -> str:
        """One of *words*: each the less often, the later it stands, as in Zipf's law."""
        return words[int(len(words) ** share() + share()) - 1]

    def evenly(characters: str, length: int) -> str:
        return "".join(characters[int(share() * len(characters))] for _ in range(length))

    place = often(_PLACES) if share() < 0.4 else ""  # noqa: PLR2004  # two in five are named after where they are
    own = (evenly(_SOUNDS, 4), evenly(_KANJI, 2), often(_NAMES))[int(share() * 3)]
    named, form = f"{place}{own}{often(_TRADES)}", often(_FORMS)
    domain = often(_MAILBOXES) if share() < 0.3 else f"company-{number}.example.jp"  # noqa: PLR2004  # three in ten
    return Contact(
        company=f"{form}{named}" if share() < 0.7 else f"{named}{form}",  # noqa: PLR2004  # most in front
        department="総務部",
        person=f"{often(_NAMES)} {often(_GIVEN)}",
        phone=f"0{3 + int(share() * 6)}-{int(share() * 9_000) + 1_000}-{int(share() * 10_000):04}",
        email=f"contact{number}@{domain}",
        postal_code="150-0043",
        address="東京都渋谷区道玄坂1-2-3",
    )
