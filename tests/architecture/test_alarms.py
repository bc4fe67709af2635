"""deploy/watch is held to what it watches: services, ports, runbook. That alarms fire is tried in tests/journeys."""

import json
import re
import subprocess
from typing import Any

import pytest
import yaml

from shared.runtime.settings import RuntimeSettings
from tests.architecture.repository import ROOT, SERVICES, compose

WATCH = ROOT / "deploy" / "watch"
RUNBOOK = ROOT / "docs" / "operating" / "alarms.md"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((WATCH / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
PROMETHEUS = yaml.safe_load((WATCH / "prometheus.yml").read_text(encoding="utf-8"))
DASHBOARDS = sorted((WATCH / "grafana").glob("*.json"))


def promtool(*words: str) -> None:
    ended = subprocess.run(["promtool", *words], cwd=WATCH, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_prometheus_takes_the_rules_and_the_configuration() -> None:
    promtool("check", "rules", "alerts.yml")
    promtool("check", "config", "prometheus.yml")


def test_each_rule_fires_in_its_fault_is_silent_before_and_recovers() -> None:
    promtool("test", "rules", "alerts_test.yml")


def test_each_rule_has_such_a_test() -> None:
    tests = yaml.safe_load((WATCH / "alerts_test.yml").read_text(encoding="utf-8"))["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    names = [rule["alert"] for rule in RULES]

    assert {case["alertname"] for case in cases if case.get("exp_alerts")} == set(names)
    assert {case["alertname"] for case in cases if not case.get("exp_alerts")} == set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alarm_says_what_is_wrong_how_urgent_it_is_and_where_to_read_on(rule: dict[str, Any]) -> None:
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^### (\w+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)

    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert re.search("[ぁ-ん]", rule["annotations"]["summary"])
    assert ROOT / page == RUNBOOK
    assert anchor == rule["alert"].lower()
    assert anchor in {heading.lower() for heading in headings}


def test_the_runbook_tells_of_each_alarm_in_the_same_four_parts_and_of_no_other() -> None:
    sections = re.split(r"^### (Mitsumori\w+)\n", RUNBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    told = dict(zip(sections[::2], sections[1::2], strict=True))
    parts = ("**意味**:", "**お客さま**:", "**すること**:", "**起こす**:")

    assert list(told) == [rule["alert"] for rule in RULES]
    assert {name: [part for part in parts if part not in text] for name, text in told.items()} == {
        name: [] for name in told
    }


def test_only_what_wakes_somebody_is_said_to() -> None:
    """The table of the runbook says which are urgent, as the rules do."""
    rows = re.findall(r"^\| \[(\w+)\]\(#\w+\) \| (page|ticket) \|", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)

    assert rows == [(rule["alert"], rule["labels"]["severity"]) for rule in RULES]


@pytest.mark.parametrize("file", ["docker-compose.yml", "compose.prod.yml"])
def test_prometheus_asks_every_service_where_the_compose_file_has_it(file: str) -> None:
    (job,) = PROMETHEUS["scrape_configs"]
    targets = {one["labels"]["service"]: one["targets"] for one in job["static_configs"]}
    port = RuntimeSettings.model_fields["ops_port"].default
    parts = compose(file=file)["services"]

    assert targets == {service: [f"{service}:{port}"] for service in SERVICES}
    assert [service for service in SERVICES if "data" not in parts[service]["networks"]] == []


@pytest.mark.parametrize("file", ["docker-compose.yml", "compose.prod.yml"])
def test_what_is_laid_over_a_compose_file_finds_there_what_it_needs(file: str) -> None:
    over, under = compose(file="compose.watch.yml"), compose(file=file)
    (prometheus,) = over["services"].values()

    assert set(prometheus["networks"]) - set(over["networks"]) <= set(under["networks"])
    assert set(over["services"]).isdisjoint(under["services"])
    assert set(over["volumes"]).isdisjoint(under["volumes"])
    assert [port for port in prometheus["ports"] if not port.startswith("127.0.0.1:")] == []
    assert "./deploy/watch:/etc/prometheus:ro" in prometheus["volumes"]


def test_what_the_repair_page_explains_is_what_the_rules_ask() -> None:
    page = (ROOT / "docs" / "operating" / "repair.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```promql\n(.*?)```", page, re.DOTALL)
    explained = dict(re.findall(r"^# (\w+): .*\n(.+)$", block, re.MULTILINE))

    assert len(explained) == 2
    assert {rule["alert"]: rule["expr"] for rule in RULES}.items() >= explained.items()


def test_there_are_three_dashboards_that_ask_whichever_prometheus_is_chosen() -> None:
    dashboards = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in DASHBOARDS}

    assert set(dashboards) == {"requests", "delivery", "machinery"}
    for name, dashboard in dashboards.items():
        assert dashboard["uid"] == f"mitsumori-{name}"
        assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
        assert {panel["datasource"]["uid"] for panel in dashboard["panels"]} == {"${datasource}"}
        assert all(panel["targets"] for panel in dashboard["panels"])
