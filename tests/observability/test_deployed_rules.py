"""The alert rules and the dashboard in `deploy`: they ask only for figures that the service has."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from fakes import START
from prometheus_client.parser import text_string_to_metric_families

from app.domain.attention_reasons import AttentionReason
from app.domain.facts import Fact, FactType
from app.domain.records import Channel, Kind, Outcome
from app.observability.metrics import PrometheusMeter
from app.ports.meter import Gauges
from app.ports.store import StoreFigures

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RUNBOOK = DEPLOY.parent / "docs" / "runbook.md"


def rules() -> list[dict[str, Any]]:
    """The rules of the file."""
    groups = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    """The dashboard."""
    return dict(json.loads((DEPLOY / "grafana-dashboard.json").read_text()))


def expressions() -> list[str]:
    """All expressions of both files."""
    targets = [target for panel in dashboard()["panels"] for target in panel["targets"]]
    return [rule["expr"] for rule in rules()] + [target["expr"] for target in targets]


def samples() -> dict[str, set[str]]:
    """The names of all samples that a process may give, each with the names of its labels."""
    meter = PrometheusMeter("0.0")
    meter.count_facts([Fact(type=FactType.FANOUT_STARTED, at=START, actor="service")])
    meter.transition_ended("Reply", 0.1)
    meter.reply_answered(Channel.SMS, Outcome.CLAIMED)
    meter.handover_ended(Channel.SMS, Kind.OFFER, "sent", 0.1)
    meter.iteration_ended(START)
    text, _ = meter.exposition(
        Gauges(at=START, store=StoreFigures(0, 0, None, None, None), attention={}), board_viewers=0, wrong_keys=0
    )
    families = text_string_to_metric_families(text.decode())
    return {sample.name: set(sample.labels) for family in families for sample in family.samples}


def test_every_figure_exists() -> None:
    """With the labels by which it is selected or grouped."""
    known = samples()
    used = set()
    for expression in expressions():
        assert expression.count("(") == expression.count(")"), expression
        names = set(re.findall(r"\bfanout_\w+", expression))
        used |= names
        assert names <= known.keys(), expression
        labels = set(re.findall(r"(\w+)\s*(?:=~|!=|=)\s*\"", expression)) - {"job"}
        for grouped in re.findall(r"\bby\s*\(([^)]*)\)", expression):
            labels |= {name.strip() for name in grouped.split(",")}
        assert labels <= set().union(*(known[name] for name in names)) if names else not labels, expression
    assert len(used) > 12, "the two files use most of the figures"


def test_every_figure_is_described() -> None:
    """In the table of the documentation; and the table names no other."""
    table = (DEPLOY.parent / "docs" / "operations.md").read_text()
    described = set(re.findall(r"^\| `(fanout_\w+)", table, re.MULTILINE))
    known = {re.sub(r"_(bucket|count|sum)$", "", name) for name in samples() if name.startswith("fanout")}
    assert described == known


def test_reasons_and_results_exist() -> None:
    """A label value that is asked for is one that the service gives."""
    for expression in expressions():
        for values in re.findall(r'reason=~"([^"]*)"', expression):
            assert set(values.split("|")) <= set(AttentionReason), expression


def test_every_alert_leads_to_a_section_of_the_runbook() -> None:
    """By an anchor that the runbook has."""
    headings = re.findall(r"^## (.*)$", RUNBOOK.read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings}
    for rule in rules():
        path, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert path == "docs/runbook.md"
        assert anchor in anchors, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    """Each has an id and a place of its own, and a target."""
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)
    assert all(panel["targets"] for panel in panels)
