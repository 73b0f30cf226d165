"""Each published figure of four offices' years, asked for as officers type it, through the real path."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from backend.demo.profiles.load import load_profile
from bot.app import application, open_store
from bot.serving import terminal_message
from tests.language import settings_for

pytestmark = pytest.mark.xdist_group("language")

_QUESTIONS = Path(__file__).parents[1] / "figures" / "questions.csv"
PROFILES = ("dak-nong-2021", "vinh-phuc-2022", "quang-ngai-2023", "tra-vinh-2023")


def questions(profile: str) -> list[tuple[str, list[str]]]:
    """The question, and what its answer must hold."""
    with _QUESTIONS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["profile"] == profile]
    return [(row["question"], row["must_contain"].split(" | ")) for row in rows]


@pytest.fixture(params=PROFILES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    db = open_store(settings_for(tmp_path, "http://127.0.0.1:9"))
    db.write_now(lambda uow: load_profile(uow, request.param))
    db.close()
    return request.param, tmp_path


async def test_the_published_figure_is_the_answer(office: tuple[str, Path], rasa_url: str) -> None:
    profile, home = office
    wrong = []
    asked = questions(profile)
    assert len(asked) >= 10
    async with application(settings_for(home, rasa_url)) as app:
        for number, (question, wanted) in enumerate(asked):
            message = terminal_message(f"q{number}", question, "lanhdao")
            _, answered = await app.pipeline.converse(message, 30.0)
            assert answered is not None, question
            text = "\n".join(one.text for one in answered.spoken.messages)
            if missing := [one for one in wanted if one not in text]:
                wrong.append((question, missing, text))
            assert "Phạm vi: " in text, question
    assert wrong == []
