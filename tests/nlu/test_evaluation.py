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
    assert "fee -> time_limit\n        …" in out.getvalue()


def test_spans_are_cut_from_the_text_not_taken_from_values() -> None:
    body = {
        "text": "mã h50 34 261008 0975",
        "intent": {"name": None},
        "entities": [{"entity": "dossier_code", "start": 3, "end": 21, "value": "H50.34-261008-0975"}],
    }
    predicted = Predicted.from_rasa(body)
    assert (predicted.intent, predicted.entities) == (None, [("dossier_code", "h50 34 261008 0975")])


def test_predictions_must_match_rows() -> None:
    with pytest.raises(ValueError, match="shorter"):
        evaluate([Expected("a", "fee", {}, "full")], [], {})


def test_how_well_it_knows_that_it_errs() -> None:
    rows = [Expected("…", need, {}, "full") for need in ("fee", "fee", "fee", "out_of_scope", "out_of_scope")]
    answers = [
        Predicted("fee", [], 0.95),
        Predicted("time_limit", [], 0.45, asks_back=True),
        Predicted("out_of_scope", [], 0.95),
        Predicted("out_of_scope", [], 0.95),
        Predicted("fee", [], 0.95),
    ]
    result = evaluate(rows, answers, COARSER)
    assert result.scope == {"out_of_scope_recall": 0.5, "false_refusals": pytest.approx(1 / 3, abs=1e-4)}
    assert result.asking == {"asks_back": 0.2, "acts_wrongly": 0.4}
    # four at 0.95 of which two are right, one at 0.45 that is wrong
    assert result.calibration_error == pytest.approx((4 * 0.95 - 2 + 0.45) / 5)


@pytest.mark.parametrize(
    ("ranking", "asks_back"),
    [
        ([("fee", 0.9), ("time_limit", 0.05)], False),
        ([("fee", 0.45), ("time_limit", 0.40)], True),  # two buttons
        ([("fee", 0.45), ("time_limit", 0.30)], False),
        ([("fee", 0.25), ("time_limit", 0.10)], True),  # not understood
    ],
)
def test_asking_back_is_what_the_dialogue_would_do(ranking: list[tuple[str, float]], asks_back: bool) -> None:
    ranked = [{"name": name, "confidence": sure} for name, sure in ranking]
    body = {"text": "…", "intent": ranked[0], "intent_ranking": ranked, "entities": []}
    assert Predicted.from_rasa(body).asks_back is asks_back
