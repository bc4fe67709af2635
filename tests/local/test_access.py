"""What each service may do in MongoDB and Kafka follows from the registry, and from nothing else."""

import re

import pytest

from local.kafka_access import acls, as_commands
from local.mongo_access import as_script, grants, privileges
from services.registry import SERVICES, Service, service
from shared.events import TOPICS
from tests.architecture.repository import ROOT

each_service = pytest.mark.parametrize("one", SERVICES, ids=lambda one: one.name)


@each_service
def test_a_service_may_read_and_write_its_topics_in_its_own_group_and_no_others(one: Service) -> None:
    mine = {(acl.operation, acl.resource, acl.name) for acl in acls() if acl.service == one.name}

    assert mine == {
        *(("READ", "topic", topic) for topic in one.reads),
        *((operation, "topic", topic) for topic in one.writes for operation in ("WRITE", "CREATE")),
        ("READ", "group", one.name),
    }


def test_every_topic_can_be_written_by_one_service() -> None:
    written = [acl.name for acl in acls() if acl.operation == "WRITE"]

    assert sorted(written) == sorted(TOPICS)


@each_service
def test_a_service_is_granted_its_own_database_and_no_other(one: Service) -> None:
    databases = {grant["db"] for grant in grants(one)} | {entry["resource"]["db"] for entry in privileges(one)}

    assert databases == {one.database}


def test_the_dashboard_may_add_to_its_audit_and_neither_change_nor_empty_it() -> None:
    """The audit names who opened which case; the process that writes it could also remove it."""
    may = {entry["resource"]["collection"]: set(entry["actions"]) for entry in privileges(service("dashboard"))}

    assert may["audit"] == {"find", "insert", "createIndex", "listIndexes"}
    assert may[""] == {"find", "changeStream"}
    assert all({"update", "remove"} <= actions for name, actions in may.items() if name not in {"audit", ""})


def test_every_collection_of_the_dashboard_is_named_in_the_registry() -> None:
    """Red? Its role names each collection: add the new one to `collections` in services/registry.py."""
    sources = (ROOT / "services" / "dashboard" / "adapters").glob("*.py")
    text = "".join(path.read_text("utf-8") for path in sources)
    used = set(re.findall(r'database\["(\w+)"\]', text)) | set(re.findall(r'^    \w+: "(\w+)",$', text, re.MULTILINE))

    dashboard = service("dashboard")
    assert used >= {"accounts", "audit", "requests", "quotes", "decisions"}
    assert used <= {*dashboard.append_only, *dashboard.collections}
    assert {"dead_letters"} <= set(dashboard.collections)


def test_an_operator_gets_commands_for_everything() -> None:
    assert as_commands("kafka:9092", "admin.properties").count("\n") + 1 == len(list(acls()))
    script = as_script()
    assert script.count("createUser") == len(SERVICES)
    assert script.count("createRole") == 1
    assert "pwd: passwordPrompt()" in script
