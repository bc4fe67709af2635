"""A filled form becomes letters in mailboxes: the stories that customers live through."""

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from tests.journeys.world import CANARIES, CANARY_DOMAIN, CANARY_MAIL, World, a_quote, a_referral, brochure_only

DESK = "desk@agency.example"


def test_a_request_for_a_quote_is_answered_with_a_price_and_a_quotation(world: World, tmp_path: Path) -> None:
    request = world.submit(a_quote())

    world.ends(request, "quoted", {"receipt", "quote", "desk"})

    mails = world.mails(request)
    assert world.mail_counts(request) == Counter({CANARY_MAIL: 2, DESK: 1})
    (quotation,) = [file for mail in mails for file in mail.attachments if "御見積書" in file.name]
    path = tmp_path / "quotation.pdf"
    path.write_bytes(quotation.content)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    with world.mongo() as client:
        quote = client["mitsumori_rating"]["quotes"].find_one({"request_id": request.request_id})
    assert quote is not None
    assert f"{quote['premium']:,}" in text
    assert "カナリヤ商事𠮷野株式会社" in text
    assert "保険料を抑えるヒント" in text
    assert len(re.findall(r"… 年間 約[0-9,]+円", text)) == 3
    assert "ご回答の確認" in text
    assert all(f"{quote['premium']:,}円" in mail.text for mail in mails if "見積" in mail.message["subject"])


def test_a_request_for_brochures_by_mail_gets_them_and_no_price(world: World) -> None:
    request = world.submit(brochure_only())

    world.ends(request, "documents_only", {"receipt", "desk"})

    attached = [file for mail in world.mails(request) for file in mail.attachments]
    assert [file.content[:4] for file in attached] == [b"%PDF", b"%PDF"]


def test_a_request_for_brochures_by_post_becomes_a_task_of_the_desk(world: World) -> None:
    request = world.submit(brochure_only(brochure="post"))

    world.ends(request, "documents_only", {"receipt", "desk"})

    (to_desk,) = [mail for mail in world.mails(request) if mail.message["to"].addresses[0].addr_spec == DESK]
    assert "郵送" in to_desk.text
    assert "鳥籠町9-8-7" in to_desk.text


def test_a_request_that_no_machine_may_price_goes_to_a_person(world: World) -> None:
    request = world.submit(a_referral())

    world.ends(request, "referred", {"receipt", "referral", "desk"})

    assert all("円" not in mail.message["subject"] for mail in world.mails(request))


def test_an_it_company_with_its_rider_is_priced(world: World) -> None:
    controls = {f"d4_{number}": "yes" for number in range(1, 7)}
    answers = a_quote(industry="it", rider_it="yes", **controls, d4_2_a="yes", d4_7=["mfa", "sso"])

    request = world.submit(answers)

    world.ends(request, "quoted", {"receipt", "quote", "desk"})


def test_the_same_request_sent_twice_is_one_request(world: World) -> None:
    answers = a_quote()
    first = world.submit(answers, key="the-same-key")
    second = world.submit(answers, key="the-same-key")

    assert first == second
    world.ends(first, "quoted", {"receipt", "quote", "desk"})
    assert world.mail_counts(first) == Counter({CANARY_MAIL: 2, DESK: 1})


def test_another_request_under_the_same_key_is_refused(world: World) -> None:
    first = brochure_only()
    world.submit(first, key="a-used-key")

    reply = world.post({**first, "company": "別の会社"}, key="a-used-key")

    assert reply.status_code == 409


def test_an_ordinary_html_form_is_answered_with_a_redirect(world: World) -> None:
    reply = world.http.post(f"{world.form}/cyber-security/submit", data=brochure_only(building="鳥籠ビル3F"))

    assert reply.status_code == 303
    assert "/done/" in reply.headers["location"]


def test_nothing_personal_is_shown_in_logs_metrics_or_topics(world: World) -> None:
    for request, state, letters in (
        (world.submit(a_referral()), "referred", {"receipt", "referral", "desk"}),
        (world.submit(a_quote(building="鳥籠ビル")), "quoted", {"receipt", "quote", "desk"}),
    ):
        world.ends(request, state, letters)

    shown = list(world.everything_shown())

    assert len(shown) > 10
    assert {"mongod.log", "kafka.log", "mailbox.log", "intake.log"} <= {name for name, _ in shown}
    leaks = [(name, canary) for name, content in shown for canary in CANARIES if canary.encode() in content]
    assert leaks == []


def test_intakes_ledger_opened_by_hand_shows_no_contact_and_no_answer(world: World) -> None:
    request = world.submit(a_referral())

    with world.mongo() as client:
        ledger = client["mitsumori_intake"]
        dump = repr([list(ledger[name].find()) for name in ledger.list_collection_names()])

    assert request.reception_no in dump
    assert [canary for canary in CANARIES if canary in dump] == []
    assert "d3_01" not in dump
    assert "incidents" not in dump


def test_notifys_ledger_opened_by_hand_shows_where_mails_went_and_nothing_that_they_say(world: World) -> None:
    request = world.submit(a_quote())
    world.ends(request, "quoted", {"receipt", "quote", "desk"})

    with world.mongo() as client:
        ledger = client["mitsumori_notify"]
        raw: Any = [ledger[name].find_raw_batches() for name in ledger.list_collection_names()]
        dump = b"".join(batch for batches in raw for batch in batches)

    assert request.reception_no.encode() in dump
    assert [canary for canary in CANARIES if canary.encode() in dump] == [CANARY_DOMAIN]
