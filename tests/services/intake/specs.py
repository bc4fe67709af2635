"""Intake's ports, specified once: what holds of the fakes must hold of Mongo, or the other tests prove nothing."""

import asyncio
from datetime import date, timedelta

import pytest

from services.intake.domain.outcome import KnownQuote, Outcome
from services.intake.ports import (
    Companies,
    Drafts,
    FormCounts,
    Links,
    Outcomes,
    ReceptionNoTaken,
    Requests,
    Steps,
    Tariffs,
)
from shared.events import FormCounted, Paper, TariffStarted
from shared.runtime.outbox import OutboxEntry
from tests.services.intake.builders import (
    NOON,
    a_colleague_asked,
    a_company,
    a_count,
    a_link_asked,
    a_request,
    a_step,
    a_tariff,
    offered,
)


class RequestsSpec:
    @pytest.fixture
    def requests(self) -> Requests:
        raise NotImplementedError

    async def test_what_was_kept_is_found_as_it_was_without_what_only_others_can_open(self, requests: Requests) -> None:
        stored = await requests.add(a_request())

        assert stored == a_request()
        assert stored.event.parcels
        assert await requests.find("r-1") == a_request(parcels={})

    async def test_an_id_that_is_taken_answers_with_what_was_there(self, requests: Requests) -> None:
        await requests.add(a_request())

        stored = await requests.add(a_request(reception_no="XY3WT4RP", fingerprint="other"))

        assert stored == a_request(parcels={})

    async def test_no_two_requests_share_a_reception_number(self, requests: Requests) -> None:
        await requests.add(a_request())

        with pytest.raises(ReceptionNoTaken):
            await requests.add(a_request("r-2"))

    async def test_a_request_that_never_was_is_not_found(self, requests: Requests) -> None:
        assert await requests.find("r-9") is None

    async def test_each_request_is_counted_once(self, requests: Requests) -> None:
        await requests.add(a_request())
        await requests.add(a_request())
        await requests.add(a_request("r-2", reception_no="XY3WT4RP"))

        assert await requests.count() == 2


class DraftsSpec:
    @pytest.fixture
    def drafts(self) -> Drafts:
        raise NotImplementedError

    async def test_the_last_that_was_saved_is_the_one_that_is_found(self, drafts: Drafts) -> None:
        await drafts.save("d-1", b"old", NOON + timedelta(hours=1))
        await drafts.save("d-1", b"new", NOON + timedelta(hours=1))

        assert await drafts.find("d-1", NOON) == b"new"

    async def test_a_draft_whose_time_is_over_is_gone(self, drafts: Drafts) -> None:
        await drafts.save("d-1", b"encrypted", NOON)

        assert await drafts.find("d-1", NOON) is None

    async def test_a_draft_that_never_was_is_not_found(self, drafts: Drafts) -> None:
        assert await drafts.find("d-9", NOON) is None

    async def test_nothing_is_left_of_a_draft_that_was_deleted(self, drafts: Drafts) -> None:
        await drafts.save("d-1", b"encrypted", NOON + timedelta(hours=1))

        await drafts.delete("d-1")
        await drafts.delete("d-9")

        assert await drafts.find("d-1", NOON) is None

    async def test_a_draft_replaces_only_what_it_was_read_from(self, drafts: Drafts) -> None:
        """Two windows read the same draft; the second that saves would lose the page of the first."""
        until = NOON + timedelta(hours=1)
        await drafts.save("d-1", b"read by both", until)

        assert await drafts.save("d-1", b"first", until, before=b"read by both")
        assert not await drafts.save("d-1", b"second", until, before=b"read by both")
        assert await drafts.find("d-1", NOON) == b"first"

    async def test_a_draft_that_was_moved_is_found_under_its_new_id_only(self, drafts: Drafts) -> None:
        until = NOON + timedelta(hours=1)
        await drafts.save("d-1", b"old", until)

        assert await drafts.move("d-1", b"old", "d-2", b"new", until)

        assert await drafts.find("d-1", NOON) is None
        assert await drafts.find("d-2", NOON) == b"new"
        assert await drafts.was_moved("d-1")
        assert not await drafts.was_moved("d-2")
        assert not await drafts.was_moved("d-9")

    async def test_until_when_a_draft_is_kept_can_be_asked_without_its_key(self, drafts: Drafts) -> None:
        until = NOON + timedelta(hours=1)
        await drafts.save("d-1", b"encrypted", until)

        assert await drafts.kept_until("d-1", NOON) == until
        assert await drafts.kept_until("d-1", until) is None
        assert await drafts.kept_until("d-9", NOON) is None

    async def test_a_draft_that_was_moved_is_still_kept(self, drafts: Drafts) -> None:
        until = NOON + timedelta(hours=1)
        await drafts.save("d-1", b"old", until)
        await drafts.move("d-1", b"old", "d-2", b"new", until)

        assert await drafts.kept_until("d-1", NOON) == until

    async def test_of_many_that_move_a_draft_at_once_one_does(self, drafts: Drafts) -> None:
        """The database decides, and not who happens to be first by some milliseconds."""
        until = NOON + timedelta(hours=1)
        await drafts.save("d-1", b"old", until)

        async def move(number: int) -> bool:
            return await drafts.move("d-1", b"old", f"d-{number}", b"new", until)

        moved = await asyncio.gather(*(move(number) for number in range(2, 14)))

        assert moved.count(True) == 1
        found = [await drafts.find(f"d-{number}", NOON) for number in range(2, 14)]
        assert [box == b"new" for box in found] == moved

    async def test_a_page_that_is_saved_late_does_not_bring_a_moved_draft_back(self, drafts: Drafts) -> None:
        until = NOON + timedelta(hours=1)
        await drafts.save("d-1", b"old", until)
        await drafts.move("d-1", b"old", "d-2", b"new", until)

        assert not await drafts.save("d-1", b"late", until, before=b"old")
        assert not await drafts.save("d-1", b"late", until)
        assert await drafts.find("d-1", NOON) is None
        assert await drafts.find("d-2", NOON) == b"new"

    async def test_a_draft_that_was_changed_is_not_moved_as_it_was_before(self, drafts: Drafts) -> None:
        until = NOON + timedelta(hours=1)
        await drafts.save("d-1", b"changed", until)

        assert not await drafts.move("d-1", b"old", "d-2", b"new", until)
        assert await drafts.find("d-1", NOON) == b"changed"
        assert await drafts.find("d-2", NOON) is None

    async def test_drafts_are_counted(self, drafts: Drafts) -> None:
        for number in range(3):
            await drafts.save(f"d-{number}", b"encrypted", NOON + timedelta(hours=1))

        assert await drafts.count() == 3


class LinksSpec:
    @pytest.fixture
    def links(self) -> Links:
        raise NotImplementedError

    async def test_a_link_is_found_until_its_time_is_over(self, links: Links) -> None:
        await links.add("l-1", b"encrypted", a_link_asked())

        assert await links.find("l-1", NOON) == b"encrypted"
        assert await links.find("l-1", NOON + timedelta(hours=1)) is None
        assert await links.find("l-9", NOON) is None

    async def test_what_only_has_something_mailed_is_kept_once_and_is_no_link(self, links: Links) -> None:
        assert await links.mail(a_colleague_asked(), NOON)
        assert not await links.mail(a_colleague_asked(), NOON)

        assert await links.find(a_colleague_asked().request_id, NOON) is None


class StepsSpec:
    @pytest.fixture
    def steps(self) -> Steps:
        raise NotImplementedError

    async def test_the_steps_of_a_product_since_a_moment_come_in_their_order(self, steps: Steps) -> None:
        first = a_step("b", "error", 0, "contact", ("email", "phone"))
        second = a_step("c", "error", 60, "contact", ("email", "phone"))
        for step in (a_step("a", "error", -60), first, second, a_step("d", "error", 60, product="other")):
            await steps.add(step)

        assert list(await steps.since("cyber-security", NOON)) == [first, second]


class FormCountsSpec:
    @pytest.fixture
    def announced(self) -> list[OutboxEntry]:
        return []

    @pytest.fixture
    def counts(self) -> FormCounts:
        raise NotImplementedError

    async def test_what_has_changed_is_published_and_nothing_else(
        self, counts: FormCounts, announced: list[OutboxEntry]
    ) -> None:
        for count in (a_count(), a_count(minutes=1), a_count(minutes=2, sent=3), a_count(minutes=3, sent=3)):
            await counts.add(count)

        published = [FormCounted.model_validate_json(entry.body) for entry in announced]
        assert published == [a_count(), a_count(minutes=2, sent=3)]


class OutcomesSpec:
    @pytest.fixture
    def outcomes(self) -> Outcomes:
        raise NotImplementedError

    async def test_what_is_added_twice_is_there_once(self, outcomes: Outcomes) -> None:
        outcome = Outcome(id="quote:q-1", request_id="r-1", fate="quoted", at=NOON)

        await outcomes.add(outcome)
        await outcomes.add(outcome)
        await outcomes.add(Outcome(id="letter:l-1:sent", request_id="r-2", fate="sent", at=NOON, letter="receipt"))

        assert await outcomes.of("r-1") == [outcome]

    async def test_an_outcome_is_found_by_its_id_with_all_that_is_known_of_a_quote(self, outcomes: Outcomes) -> None:
        quote = KnownQuote(
            product="cyber-security",
            quote_no="K7M2P4XR-1",
            revision=1,
            premium_yen=67_000,
            expires_on=date(2026, 12, 24),
            options=offered("r-1").options,
        )
        paper = Paper(quote_no="K7M2P4XR-1", sha256="0" * 64)
        quoted = Outcome(id="quote:q-1", request_id="r-1", fate="quoted", at=NOON, quote=quote)
        sent = Outcome(id="letter:l-1:sent", request_id="r-1", fate="sent", at=NOON, letter="quote", paper=paper)

        await outcomes.add(quoted)
        await outcomes.add(sent)

        assert await outcomes.find("quote:q-1") == quoted
        assert await outcomes.find("letter:l-1:sent") == sent
        assert await outcomes.find("quote:q-2") is None


class TariffsSpec:
    @pytest.fixture
    def tariffs(self) -> Tariffs:
        raise NotImplementedError

    async def test_what_rating_published_is_found_as_it_was(self, tariffs: Tariffs) -> None:
        await tariffs.keep(a_tariff())

        assert await tariffs.newest("cyber-security") == a_tariff()

    async def test_of_a_product_without_a_tariff_there_is_none(self, tariffs: Tariffs) -> None:
        await tariffs.keep(a_tariff())

        assert await tariffs.newest("other") is None

    async def test_whoever_has_the_newest_is_not_given_it_again(self, tariffs: Tariffs) -> None:
        await tariffs.keep(a_tariff())

        assert await tariffs.newest("cyber-security", unless=a_tariff().edition_id) is None
        assert await tariffs.newest("cyber-security", unless="another") == a_tariff()

    @pytest.mark.parametrize(
        ("newer", "older"),
        [
            pytest.param(a_tariff(start=date(2027, 4, 1)), a_tariff(minutes=5), id="of a later day"),
            pytest.param(a_tariff(minutes=5), a_tariff(), id="of the same day, and published later"),
        ],
    )
    async def test_the_newest_one_stays_in_whatever_order_they_come(
        self, tariffs: Tariffs, newer: TariffStarted, older: TariffStarted
    ) -> None:
        """A topic that is published again brings the old ones after the new one."""
        for tariff in (older, newer, older):
            await tariffs.keep(tariff)

        assert await tariffs.newest("cyber-security") == newer

    async def test_two_processes_may_keep_the_same_one(self, tariffs: Tariffs) -> None:
        await asyncio.gather(*(tariffs.keep(a_tariff()) for _ in range(4)))

        assert await tariffs.newest("cyber-security") == a_tariff()


class CompaniesSpec:
    """`companies` has what `LISTED` has."""

    LISTED = (
        a_company(),
        a_company("6999901000002", name="有限会社見本商事"),
        a_company("5999901000003", name="株式会社見本商事大阪", reading="ミホンショウジオオサカ"),
        a_company("4999901000004", name="株式会社ＳＡＭＰＬＥシステムズ", reading="サンプルシステムズ", postal_code=""),
    )

    @pytest.fixture
    def companies(self) -> Companies:
        raise NotImplementedError

    async def test_a_company_is_found_by_its_number_as_the_list_has_it(self, companies: Companies) -> None:
        assert companies.are_known()
        assert await companies.numbered("7999901000001") == self.LISTED[0]
        assert await companies.numbered("8040001999013") is None

    @pytest.mark.parametrize(
        ("key", "numbers"),
        [
            pytest.param(
                "見本商事", {"7999901000001", "6999901000002", "5999901000003"}, id="the name, and longer ones"
            ),
            pytest.param("みほんしようじお", {"5999901000003"}, id="the reading"),
            pytest.param("sample", {"4999901000004"}, id="a name in Latin letters"),
            pytest.param("商事", set(), id="not from within the name"),
            pytest.param("%", set(), id="no pattern"),
        ],
    )
    async def test_companies_are_found_by_how_their_name_begins(
        self, companies: Companies, key: str, numbers: set[str]
    ) -> None:
        assert {company.number for company in await companies.beginning(key, 10)} == numbers

    async def test_names_come_before_readings_and_short_ones_before_long_ones(self, companies: Companies) -> None:
        names = [company.number for company in await companies.beginning("見本商", 10)]
        readings = [company.number for company in await companies.beginning("みほん", 10)]

        assert names == ["6999901000002", "7999901000001", "5999901000003"]
        assert readings == names

    async def test_no_more_than_asked_for_are_read_and_the_very_name_is_among_them(self, companies: Companies) -> None:
        found = await companies.beginning("見本商事", 2)

        assert {company.number for company in found} == {"7999901000001", "6999901000002"}
