"""A real Prometheus beside a running system, with our own rules, and promtool for what takes an hour."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import yaml

from local.children import LOOPBACK, Child, free_port
from local.services import responds_ok
from tests.architecture.repository import ROOT
from tests.journeys.world import World
from tests.plain_http import a_client

WATCH: Final = ROOT / "deploy" / "watch"
ALERTS: Final = WATCH / "alerts.yml"

Series = Mapping[str, float]
"""The series of a moment, each written as Prometheus writes it, with its value."""

_STEP_S: Final = 30
_HOUR: Final = 3600 // _STEP_S
_FAULT: Final = 1200 // _STEP_S
_GROWS: Final = ("_total", "_count", "_sum", "_bucket")


def rules() -> dict[str, dict[str, Any]]:
    """Each alert by its name."""
    content = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))
    return {rule["alert"]: rule for group in content["groups"] for rule in group["rules"]}


@dataclass(frozen=True)
class Prometheus:
    """It looks every two seconds, so that nobody waits for it."""

    http: httpx.Client

    def ask(self, expression: str) -> list[dict[str, Any]]:
        """What it answers now. A mistake in *expression* fails the test."""
        reply = self.http.get("/api/v1/query", params={"query": expression}).json()
        assert reply["status"] == "success", (expression, reply)
        found: list[dict[str, Any]] = reply["data"]["result"]
        return found

    def known(self) -> set[str]:
        """The metrics that the services say they have, also those without a series so far."""
        return {*self.http.get("/api/v1/metadata").json()["data"], "up"}

    def series(self) -> Series:
        """All that it has of the system now."""
        return {
            _written(one["metric"]): float(one["value"][1])
            for one in self.ask('{job="mitsumori", __name__!~"ALERTS.*"}')
        }


@contextmanager
def a_prometheus(world: World, folder: Path) -> Iterator[Prometheus]:
    """With the configuration that we ship; only addresses, pace and the path of the rules are of this machine."""
    content = yaml.safe_load((WATCH / "prometheus.yml").read_text(encoding="utf-8"))
    content["global"] = {"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "2s"}
    content["rule_files"] = [str(WATCH / name) for name in content["rule_files"]]
    for target in content["scrape_configs"][0]["static_configs"]:
        target["targets"] = [httpx.URL(world.system.services[target["labels"]["service"]].metrics).netloc.decode()]
    config = folder / "prometheus.yml"
    config.write_text(yaml.safe_dump(content), encoding="utf-8")
    url = f"http://{LOOPBACK}:{free_port()}"
    storage = f"--storage.tsdb.path={folder / 'prometheus'}"
    address = f"--web.listen-address={url.removeprefix('http://')}"
    child = Child("prometheus", ["prometheus", f"--config.file={config}", storage, address], folder / "prometheus.log")
    try:
        child.start()
        child.wait_until(lambda: responds_ok(f"{url}/-/ready"), 60)
        with a_client(url) as http:
            yield Prometheus(http)
    finally:
        child.kill()


def fires(alert: str, before: Series, normal: Series, fault: Series, folder: Path) -> bool:
    """Whether it fires in twenty minutes of *fault*, after an hour in which all was well.

    *before* and *normal*: two moments of it. What a counter has grown by between them it grows by every half minute.
    Prometheus evaluates our own rules, with the times that they wait.
    """
    series = {
        name: f"{_hour(name, before, normal)} {_minutes(name, before, normal, fault)}" for name in {*normal, *fault}
    }
    expression = f'count_over_time(ALERTS{{alertname="{alert}", alertstate="firing"}}[20m])'
    return _holds(series, {"expr": expression, "eval_time": f"{(_HOUR + _FAULT) * _STEP_S}s"}, folder)


def fired_in_an_hour(before: Series, normal: Series, folder: Path) -> bool:
    """Whether any alert fires while the system goes on for an hour as it did between the two moments."""
    series = {name: _hour(name, before, normal) for name in normal}
    expression = 'count_over_time(ALERTS{alertstate="firing"}[1h])'
    return _holds(series, {"expr": expression, "eval_time": "1h"}, folder)


def _holds(series: Mapping[str, str], asked: Mapping[str, str], folder: Path) -> bool:
    """Whether there is an answer: promtool is told to expect none."""
    asks = ALERTS.read_text(encoding="utf-8")
    test = {
        "interval": f"{_STEP_S}s",
        "input_series": [{"series": name, "values": value} for name, value in series.items() if _metric(name) in asks],
        "promql_expr_test": [{**asked, "exp_samples": []}],
    }
    content = {"rule_files": [str(ALERTS)], "evaluation_interval": f"{_STEP_S}s", "tests": [test]}
    path = folder / "test.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    ended = subprocess.run(["promtool", "test", "rules", path], capture_output=True, text=True, check=False)
    said = ended.stdout + ended.stderr
    assert "SUCCESS" in said or "exp: nil" in said or "exp:[]" in said, said
    return ended.returncode != 0


def _growth(name: str, before: Series, normal: Series) -> float:
    return normal[name] - before.get(name, normal[name]) if _is_counter(name) else 0


def _is_counter(name: str) -> bool:
    return _metric(name).endswith(_GROWS)


def _metric(name: str) -> str:
    return name.partition("{")[0]


def _hour(name: str, before: Series, normal: Series) -> str:
    if name not in normal:
        return f"_x{_HOUR + 1}"
    return f"{normal[name]}+{_growth(name, before, normal)}x{_HOUR}"


def _minutes(name: str, before: Series, normal: Series, fault: Series) -> str:
    if name not in fault:
        return f"_x{_FAULT}"
    value = fault[name]
    if name in normal and _is_counter(name) and value >= normal[name]:  # Else its process has started again.
        value += _growth(name, before, normal) * _HOUR
    return f"{value}x{_FAULT - 1}"


def _written(metric: Mapping[str, str]) -> str:
    labels = ",".join(f'{name}="{value}"' for name, value in sorted(metric.items()) if name != "__name__")
    return f"{metric['__name__']}{{{labels}}}"
