"""The rules look at some texts more closely only if they have certain words. Nothing may be missed by that."""

import json
from functools import cache

import pytest
from labelled import FILES

from app.understanding import accepting, refusing
from app.understanding.evidence import Evidence
from app.understanding.tidying import tidy
from app.understanding.tokens import tokens_of


@cache
def all_evidence() -> list[Evidence]:
    """The evidence in all labelled replies."""
    lines = [line for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]
    return [Evidence(tokens_of(tidy(json.loads(line)["text"]))) for line in lines]


@pytest.mark.parametrize("pattern", ["_LATER", "_TOLD_YES", "_PROMISED_ELSE"])
def test_a_yes_about_something_else_has_a_sign(pattern: str) -> None:
    """Each text that has the pattern has a word for which it is looked for."""
    looked_for = getattr(accepting, pattern)
    found = [one for one in all_evidence() if looked_for.search(" ".join(one.words))]
    assert found, "no labelled reply has the pattern"
    assert [one.words for one in found if accepting._SIGNS.isdisjoint(one.words)] == []


def test_a_reason_to_stay_away_is_looked_for() -> None:
    """Each text with a reason to refuse has a label or a word for which reasons are looked for."""
    found = [one for one in all_evidence() if any(refusing._is_reason(one, part) for part in refusing._parts_of(one))]
    assert found, "no labelled reply has a reason"
    passed_over = [
        one.words
        for one in found
        if one.labels.isdisjoint(refusing._OPENING) and refusing._REASONS.isdisjoint(one.words)
    ]
    assert passed_over == []
