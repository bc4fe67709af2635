"""Every check finds the fault that is planted for it, and says the repair; where all is well, none finds anything."""

from dataclasses import replace

import pytest

from local.doctor import facts
from local.doctor.check import Facts, NotKnown, run
from local.doctor.checks import GROUPS
from tests.local.doctor.builders import HEALTHY, MACHINE, Fault
from tests.local.doctor.faults_of_servers import OF_KAFKA, OF_LEDGERS, OF_MONGO
from tests.local.doctor.faults_of_settings import OF_KEYS, OF_SETTINGS
from tests.local.doctor.faults_of_setup import OF_MACHINE, OF_PRODUCTS

FAULTS = (*OF_SETTINGS, *OF_KEYS, *OF_MACHINE, *OF_PRODUCTS, *OF_MONGO, *OF_KAFKA, *OF_LEDGERS)
CHECKS = [check for group in GROUPS for check in group.checks]


def known(*changed: object) -> Facts:
    return {type(part): part for part in (*HEALTHY, *changed)}


def test_where_all_is_well_every_check_has_looked_and_says_so() -> None:
    lines = run(GROUPS, known())

    assert [line for line in lines if line.state != "ok"] == []
    assert len(lines) == len(CHECKS) >= 30


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}: {fault.says}")
def test_a_fault_is_found_by_its_check_alone_with_what_mends_it(fault: Fault) -> None:
    lines = [line for line in run(GROUPS, known(fault.part)) if line.state != "ok"]

    assert {(line.check, line.state) for line in lines} == {(fault.check, fault.level)}
    assert any(fault.says in line.says and fault.repair in line.repair for line in lines), lines


def test_the_form_of_a_product_that_is_not_known_here_is_nobodys_fault() -> None:
    """From an operator's container the agency's own products may be unseen."""
    forms = facts.AskedForms(asked={"own": frozenset({"1"})}, known={"cyber": frozenset({"1"})})

    assert [line for line in run(GROUPS, known(forms)) if line.state != "ok"] == []


def test_what_mends_kafka_says_where_it_is_and_who_asks() -> None:
    """Its tools do nothing without the first, and at a broker with passwords nothing without the second."""
    lines = [line for fault in OF_KAFKA for line in run(GROUPS, known(fault.part)) if ".sh" in line.repair]

    assert {"kafka-leaders", "kafka-in-sync", "kafka-replication", "kafka-retention"} <= {line.check for line in lines}
    wanted = ("--bootstrap-server", "--command-config")
    assert [line for line in lines if not all(option in line.repair for option in wanted)] == []


def test_what_mends_keys_says_how_in_containers_too() -> None:
    """The folder of a service's keys is read-only there."""
    commands = ("keys new --missing", "chmod", "chown")
    repairs = {line.repair for fault in OF_KEYS for line in run(GROUPS, known(fault.part))}
    mends = [repair for repair in repairs if any(command in repair for command in commands)]

    assert len(mends) >= len(commands)
    assert [repair for repair in mends if "コンテナでは" not in repair] == []


def test_a_small_container_has_enough_memory_with_a_tenth_of_it() -> None:
    """Those of docker-compose.yml have 512 MB."""
    of_container = replace(MACHINE, free_memory_bytes=60_000_000, memory_limit_bytes=512 * 2**20)

    states = {
        free: {line.state for line in run(GROUPS, known(replace(of_container, free_memory_bytes=free)))}
        for free in (60_000_000, 40_000_000, 20_000_000)
    }

    assert states == {60_000_000: {"ok"}, 40_000_000: {"ok", "warning"}, 20_000_000: {"ok", "wrong"}}


def test_no_check_is_without_a_planted_fault() -> None:
    """A check that cannot fail says that all is well for ever."""
    assert {fault.check for fault in FAULTS} == {check.name for check in CHECKS}
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_what_nobody_could_ask_is_neither_well_nor_wrong() -> None:
    """A Kafka that is away is one finding, and not ten."""
    away = NotKnown("Kafka に接続できないため、調べていません。")
    kinds = (facts.KafkaTopics, facts.KafkaConfigs, facts.KafkaGroups, facts.KafkaRecords)
    reach = facts.KafkaReach(address="kafka:9092", trouble="TimeoutError")

    lines = run(GROUPS, {**known(reach), **dict.fromkeys(kinds, away)})

    wrong = [line for line in lines if line.state not in {"ok", "not-looked-at"}]
    unseen = [line for line in lines if line.state == "not-looked-at"]
    assert [line.check for line in wrong] == ["kafka-there"]
    assert {line.check for line in unseen} == {check.name for check in CHECKS if check.needs in kinds}
    assert all(away.because in line.says and not line.repair for line in unseen)
