"""Builders for what the tests of intake speak of: a customer's answers, requests, links, and what becomes of them."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from services.intake.domain.answers import check
from services.intake.domain.company import Company
from services.intake.domain.copy import Copy, CopyGroup
from services.intake.domain.funnel import Kind, Step
from services.intake.domain.request import Request
from shared.answers.reading import Answers
from shared.events import (
    ColleagueAsked,
    FormCounted,
    KeyCount,
    LetterBounced,
    LetterFailed,
    LetterSent,
    Option,
    Parcel,
    QuoteOffered,
    QuoteReferred,
    RequestReceived,
    ResumeLinkAsked,
    Segment,
    TariffRef,
    TariffStarted,
    Wishes,
)
from shared.products import INSURERS_ORDER, Product, load_product, load_products

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
CANARY = {
    "company": "カナリア見本商会",
    "department": "鳥籠管理部",
    "person": "𠮷田 髙子",
    "phone": "03-9876-5432",
    "email": "canary@example.co.jp",
    "postal_code": "100-0013",
    "address": "東京都千代田区霞が関9丁目8番7号",
    "building": "カナリアタワー",
    "incidents_note": "秘密の事故の経緯",
}
CONTACT = {key: CANARY[key] for key in CANARY if key != "incidents_note"}
DISCLOSURE: dict[str, Any] = {
    "turnover": "500,000",
    "incidents": "no",
    **{f"d3_{number:02d}": "yes" for number in range(1, 22)},
    **dict.fromkeys(("d3_01_a", "d3_01_b", "d3_01_c", "d3_02_a", "d3_15_a"), "yes"),
    "d3_03": "no",
    "d3_22": ["pmark", "isms"],
    "industry": "retail",
}
IT: dict[str, Any] = {
    **{f"d4_{number}": "yes" for number in range(1, 7)},
    "d4_2_a": "yes",
    "d4_7": ["mfa", "sso"],
}
_HEAD = {"reception_no": "AC3EF4GH", "product": "cyber-security"}
_TARIFF = TariffRef(id="2026-10-01", sha256="0")

Edit = tuple[str, str, str]
"""Of a release: in a file of the product, what stands there and what stands there then."""

NEW_LABEL: Final = ("form.yaml", "label: 企業名\n", "label: 法人の名称\n")
NEW_CHOICE: Final = ("form.yaml", "label: 多要素認証}", "label: 二要素以上の認証}")
_BUILDING: Final = """\
          - key: building
            kind: text
            label: ビル名等
            max_length: 200
            autocomplete: address-line2
"""
NO_BUILDING: Final = ("form.yaml", _BUILDING, "")
NEW_PURPOSE_VERSION: Final = ("product.yaml", 'version: "2026-10-01"\n', 'version: "2027-04-01"\n')
NEW_PURPOSE_TEXT: Final = ("product.yaml", "個人情報の取扱いについて(見本)", "個人情報の取扱いについて(改訂した見本)")
NEW_NOTICE: Final = ("product.yaml", "  declaration:", "  added: 追加された見本の注記\n  declaration:")


@cache
def a_product(order: str = INSURERS_ORDER) -> Product:
    """The product, asked in one *order*: what intake promises holds in each, and only test_orders.py compares them."""
    return replace(load_products()["cyber-security"], form_orders={order: 1})


def a_release(folder: Path, edits: Iterable[Edit]) -> Product:
    """The next release: the product with *edits*, read from a copy in *folder*."""
    copied = Path(shutil.copytree(a_product().folder, folder / "cyber-security"))
    for name, before, after in edits:
        text = (copied / name).read_text("utf-8")
        assert text.count(before) == 1, (name, before)
        (copied / name).write_text(text.replace(before, after), "utf-8")
    return replace(load_product(copied), form_orders=a_product().form_orders)


def answers(**changes: object) -> dict[str, Any]:
    """A valid request with everything answered; a change to None leaves that answer out."""
    consent = {"privacy_consent": a_product().privacy.version}
    everything = {**CONTACT, "brochure": "email", "quote": "yes", **DISCLOSURE, **consent, **changes}
    return {key: value for key, value in everything.items() if value is not None}


def brochure_only(**changes: object) -> dict[str, Any]:
    """A valid request for documents by mail."""
    consent = {"privacy_consent": a_product().privacy.version}
    return {**CONTACT, "brochure": "email", "quote": "no", **consent, **changes}


def accepted_answers(**changes: object) -> Answers:
    """`answers` as the form accepts them."""
    checked = check(a_product().form, answers(**changes))
    assert not checked.problems
    return checked.answers


def a_copy(*groups: CopyGroup) -> Copy:
    """What was sent at noon, on paper."""
    product = a_product()
    return Copy(
        reception_no="K7M2P4XR",
        sent_at=NOON,
        form_version=product.form.version,
        consent_version=product.privacy.version,
        product=product.name,
        insurer=product.insurer,
        notices=product.notices,
        groups=groups,
    )


PARCELS: Final = {"desk": Parcel(key="desk-1", box="AAAA")}


def a_request(
    request_id: str = "r-1",
    reception_no: str = "AC3EF4GH",
    fingerprint: str = "f",
    parcels: dict[str, Parcel] = PARCELS,
) -> Request:
    event = RequestReceived(
        request_id=request_id,
        reception_no=reception_no,
        product="cyber-security",
        form_version="1",
        accepted_at=NOON,
        wishes=Wishes(brochure="none", quote=True),
        segment=Segment(industry="retail", turnover_band="1-5oku"),
        parcels=parcels,
    )
    return Request(event, fingerprint)


def a_link_asked(hours: int = 1) -> ResumeLinkAsked:
    """The event of a link that is over in *hours*."""
    parcels = {"notify": Parcel(key="notify-1", box="AAAA")}
    until = NOON + timedelta(hours=hours)
    return ResumeLinkAsked(request_id="a-1", product="cyber-security", asked_at=NOON, expires_at=until, parcels=parcels)


def a_colleague_asked() -> ColleagueAsked:
    """The event that has a colleague's link mailed."""
    return ColleagueAsked.model_validate(a_link_asked().model_dump() | {"request_id": "m-1"})


def a_step(
    visit: str,
    kind: Kind,
    minute: int,
    page: str = "",
    keys: tuple[str, ...] = (),
    *,
    product: str = "cyber-security",
    order: str = "",
) -> Step:
    at = NOON + timedelta(minutes=minute)
    return Step(product=product, visit=visit, kind=kind, at=at, page=page, keys=keys, order=order)


def a_count(minutes: int = 0, *, sent: int = 2) -> FormCounted:
    """The count of the visits that began on the day of `NOON`, made *minutes* later."""
    return FormCounted(
        request_id="form-cyber-security-2026-11-24",
        count_id=f"form-cyber-security-2026-11-24:{sent}",
        product="cyber-security",
        day=date(2026, 11, 24),
        counted_at=NOON + timedelta(minutes=minutes),
        started=4,
        passed=(KeyCount(key="contact", count=2),),
        errors=(KeyCount(key="email", count=2), KeyCount(key="phone", count=1)),
        sent=sent,
    )


GOLDEN_TARIFF: Final = Path(__file__).parents[2] / "contracts" / "golden" / "mitsumori.tariff.started.v1.json"


def a_tariff(*, start: date = date(2026, 10, 1), minutes: int = 0) -> TariffStarted:
    """What rating has published of the shipped tariff, for four industries and six turnovers."""
    tariff = TariffStarted.model_validate(json.loads(GOLDEN_TARIFF.read_text("utf-8"))["body"])
    published = {"started_at": NOON + timedelta(minutes=minutes), "edition_id": f"{start}-{minutes}"}
    return tariff.model_copy(update={"in_force_from": start, **published})


def offered(request_id: str, minutes: int = 1) -> QuoteOffered:
    option = Option(
        plan="basic",
        liability_limit=1,
        cost_limit=1,
        liability_deductible=0,
        cost_deductible=0,
        riders=(),
        premium=67_000,
        chosen=True,
    )
    return QuoteOffered(
        **_HEAD,
        request_id=request_id,
        quote_id=f"q-{minutes}",
        revision=minutes,
        tariff=_TARIFF,
        engine="1.0.0",
        issued_at=NOON + timedelta(minutes=minutes),
        expires_on=date(2026, 12, 24),
        options=(option,),
        parcels={},
    )


def referred(request_id: str) -> QuoteReferred:
    return QuoteReferred(
        **_HEAD,
        request_id=request_id,
        quote_id="q-0",
        revision=1,
        tariff=_TARIFF,
        engine="1.0.0",
        issued_at=NOON,
        parcels={},
    )


def letter_sent(request_id: str, kind: str = "receipt", minutes: int = 0, letter_id: str = "") -> LetterSent:
    fact = {**_HEAD, "request_id": request_id, "letter_id": letter_id or kind, "kind": kind, "attempts": 1}
    return LetterSent.model_validate({**fact, "sent_at": NOON + timedelta(minutes=minutes)})


def letter_bounced(request_id: str, kind: str = "receipt") -> LetterBounced:
    came_back = {"bounced_at": NOON + timedelta(hours=1), "bounce_type": "hard", "reason": "no-such-address"}
    fact = {**_HEAD, "request_id": request_id, "letter_id": kind, "kind": kind, **came_back}
    return LetterBounced.model_validate(fact)


def letter_failed(request_id: str, kind: str = "quote") -> LetterFailed:
    fact = {**_HEAD, "request_id": request_id, "letter_id": kind, "kind": kind, "attempts": 1, "failed_at": NOON}
    return LetterFailed.model_validate(fact)


def a_company(number: str = "7999901000001", **changes: str) -> Company:
    known = {"name": "株式会社見本商事", "reading": "ミホンショウジ", "postal_code": "1500043"}
    place = {"place": "東京都渋谷区道玄坂９丁目８番７号　見本ビル３階"}
    return Company(number=number, **{**known, **place, **changes})


def a_line(**changes: str) -> list[str]:
    """A line of the National Tax Agency's file, as リソース定義書 names its columns."""
    columns = {
        "sequenceNumber": "1",
        "corporateNumber": "7999901000001",
        "process": "01",
        "correct": "0",
        "updateDate": "2026-10-30",
        "changeDate": "2015-10-05",
        "name": "株式会社見本商事",
        "nameImageId": "",
        "kind": "301",
        "prefectureName": "東京都",
        "cityName": "渋谷区",
        "streetNumber": "道玄坂９丁目８番７号　見本ビル３階",
        "addressImageId": "",
        "prefectureCode": "13",
        "cityCode": "113",
        "postCode": "1500043",
        "addressOutside": "",
        "addressOutsideImageId": "",
        "closeDate": "",
        "closeCause": "",
        "successorCorporateNumber": "",
        "changeCause": "",
        "assignmentDate": "2015-10-05",
        "latest": "1",
        "enName": "",
        "enPrefectureName": "",
        "enCityName": "",
        "enAddressOutside": "",
        "furigana": "ミホンショウジ",
        "hihyoji": "0",
    }
    assert changes.keys() <= columns.keys()
    return list((columns | changes).values())
