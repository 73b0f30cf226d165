"""The counting behind `./motcua nlu evaluate`, on cases small enough to count by hand."""

from __future__ import annotations

import io

import pytest

from bot.cli.evaluation import Evaluation, Expected, Predicted, evaluate, show

COARSER = {"forgot_code": "dossier_status", "proxy_pickup": "dossier_status"}


def judged(*cases: tuple[str, dict[str, list[str]], str | None, list[tuple[str, str]]]) -> Evaluation:
    rows = [Expected("…", need, entities, "full") for need, entities, _, _ in cases]
    return evaluate(rows, [Predicted(intent, found) for _, _, intent, found in cases], COARSER)


@pytest.mark.parametrize(
    ("need", "intent", "right"),
    [
        ("fee", "fee", 1.0),
        ("fee", "time_limit", 0.0),
        ("fee", None, 0.0),
        ("forgot_code", "dossier_status", 1.0),
        ("dossier_status", "forgot_code", 1.0),
        ("forgot_code", "proxy_pickup", 0.0),
    ],
)
def test_an_intent_and_the_coarser_one_count_the_same(need: str, intent: str | None, right: float) -> None:
    assert judged((need, {}, intent, [])).overall.intent_accuracy == right


def test_spans_need_the_exact_text_and_name_as_often_as_expected() -> None:
    overall = judged(
        ("fee", {"procedure": ["khai sinh"], "date": ["mai", "mốt"]}, "fee", [("procedure", "khai sinh")]),
        (
            "fee",
            {"agency": ["Sở Y tế"]},
            "fee",
            [("agency", "Sở Y"), ("agency", "Sở Y tế"), ("agency", "Sở Y tế")],
        ),
    ).overall
    assert (overall.entity_precision, overall.entity_recall) == (2 / 4, 2 / 4)
    assert overall.entity_f1 == 0.5


def test_groups_and_confusions() -> None:
    result = judged(("fee", {}, "fee", []), ("fee", {}, "time_limit", []), ("affirm", {}, "affirm", []))
    assert result.to_json()["overall"]["intent_accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert result.to_json()["per_intent"]["fee"]["intent_accuracy"] == 0.5
    assert result.confusions == {("fee", "time_limit"): 1}
    out = io.StringIO()
    show(result, out)
    assert "fee -> time_limit" in out.getvalue()


def test_spans_are_cut_from_the_text_not_taken_from_values() -> None:
    body = {
        "text": "mã h50 34 261008 0975",
        "intent": {"name": None},
        "entities": [{"entity": "dossier_code", "start": 3, "end": 21, "value": "H50.34-261008-0975"}],
    }
    assert Predicted.from_rasa(body) == Predicted(None, [("dossier_code", "h50 34 261008 0975")])


def test_predictions_must_match_rows() -> None:
    with pytest.raises(ValueError, match="shorter"):
        evaluate([Expected("a", "fee", {}, "full")], [], {})
