"""The intents' manifest, the training sentences, the actions and the buttons speak of the same intents."""

from __future__ import annotations

import ast

import yaml

from actions.registry import gather
from bot.replies.renderer import Replies
from tests.architecture.tree import ROOT, modules

MANIFEST = ROOT / "nlu_data" / "intents.yml"
#: What only a button or a channel's own event can mean; no sentence is ever read as one of these.
BUTTON_INTENTS = frozenset(
    {
        "callback_request",
        "callback_withdraw",
        "contact_shared",  # the channel vouched for a shared number
        "contact_not_own",
        "delete_my_data_confirmed",
        "dossier_list",
        "figures_rows",
        "dossier_open",
        "dossier_other",
        "figures_chart",
        "figures_excel",
        "figures_word",
        "complaint_help",
        "petition_kind",
        "petition_not_settled",
        "petition_settled",
        "petition_withdraw",
        "procedure_related",
        "product_failed",  # events of slow work
        "product_ready",
        "rating_reason",
        "reception_book_day",
        "reminders_set",
        "report_accept",
        "report_hand_in",
        "report_return",
        "report_waiting",
        "urging_letter",
        "week_brief",
        "task_remind_me",
        "task_confirm",
        "task_grant",
        "task_group",
        "task_hand_over",
        "task_refuse",
        "task_return",
        "task_urge",
        "task_waiting",
        "voice_unheard",  # a note that could not be turned into words
    }
)


def manifest() -> dict[str, dict[str, object]]:
    body = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    intents = body.get("intents", body)
    if isinstance(intents, list):
        return {str(one["name"]): one for one in intents}
    return {str(name): dict(one) for name, one in intents.items()}


def trained() -> set[str]:
    return {path.stem for path in (ROOT / "nlu_data" / "nlu").rglob("*.yml")}


def button_intents() -> dict[str, str]:
    """Where each literal intent of a ``Button(…)`` stands."""
    found = {}
    for module in modules("actions", "bot"):
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Button"):
                continue
            named = [one.value for one in node.keywords if one.arg == "intent"] + node.args[1:2]
            for one in named:
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
                    found[one.value] = f"{module.shown}:{node.lineno}"
    return found


def test_every_intent_has_an_action() -> None:
    actions, _ = gather()
    assert sorted(set(manifest()) - set(actions)) == []


def test_every_action_is_for_a_known_intent_or_a_button() -> None:
    actions, _ = gather()
    assert sorted(set(actions) - set(manifest()) - BUTTON_INTENTS) == []
    assert sorted(BUTTON_INTENTS - set(actions)) == []


def test_every_intent_has_training_sentences_and_the_other_way_round() -> None:
    assert trained() == set(manifest())


def test_every_intent_has_words_for_its_button() -> None:
    replies = Replies(ROOT / "bot" / "replies")
    assert [name for name in manifest() if not replies.knows(f"intent/{name}")] == []


def test_every_button_means_something_that_is_answered() -> None:
    actions, _ = gather()
    wrong = {
        f"{where} {intent}"
        for intent, where in button_intents().items()
        if intent not in actions and not intent.startswith(("form:", "voice:"))
    }
    assert sorted(wrong) == []


def test_coarser_intents_exist() -> None:
    known = manifest()
    coarser = {name: one.get("evaluates_as") for name, one in known.items()}
    assert {name: of for name, of in coarser.items() if of and of not in known} == {}


def test_forms_that_actions_start_exist() -> None:
    _, forms = gather()
    started = {
        node.args[0].value
        for module in modules("actions")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "StartForm"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert started
    assert sorted(started - set(forms)) == []
