"""What is asked for is found by the names of figures, in any spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.importers.base import FileRefused
from backend.importers.figure_words import SHIPPED, install_figures, load_figures
from backend.services.figures.words import meaning_of, meant, measures_of, name_of, without


@pytest.fixture(autouse=True)
def names() -> None:
    install_figures()


@pytest.mark.parametrize(
    ("said", "topic", "measure"),
    [
        ("trễ hạn bao nhiêu hồ sơ", "dossiers", "dossiers/late"),
        ("ty le ho so dung han", "dossiers", "dossiers/in_time"),
        ("bao nhiêu đơn tố cáo", "petitions", "petitions/denunciations"),
        ("chu tich tiep bao nhieu doan", "reception", "reception/chairman_delegations"),
        ("nhiệm vụ chờ gia hạn", "tasks", "tasks/extension"),
        ("chương trình công tác dừng thực hiện", "programme", "programme/stopped"),
        ("văn bản ký số", "documents", "documents/signed"),
        ("hướng dẫn qua tổng đài", "guidance", "guidance/hotline"),
        ("hs online", "dossiers", "dossiers/received_online"),
        ("theo cách tính quốc gia thì đúng hạn bao nhiêu", "on_time", "on_time/in_time"),
    ],
)
def test_the_topic_and_the_figure_are_found(said: str, topic: str, measure: str) -> None:
    found = meant(said)
    assert found.topic == topic
    assert measure in found.measures


def test_several_figures_are_named_in_their_order() -> None:
    found = meant("tiếp nhận bao nhiêu hồ sơ, trễ hạn bao nhiêu")
    assert found.measures == ("dossiers/received", "dossiers/late")


def test_a_word_that_several_topics_have_says_so() -> None:
    assert "tasks" in meant("quá hạn").others
    assert measures_of("tasks", "quá hạn") == ("tasks/overdue",)


def test_marks_tell_words_apart_where_they_are_typed() -> None:
    assert meant("sở xây dựng").measures == ()
    assert without("hồ sơ của Sở Xây dựng", "so xay dung") == "hồ sơ của | | |"


def test_nothing_is_found_in_other_sentences() -> None:
    assert meant("chào anh, trời hôm nay đẹp").topic == ""


def test_every_figure_has_a_name_and_a_meaning() -> None:
    shipped = load_figures(SHIPPED)
    assert [key for key, one in shipped.figures.items() if not one.meaning] == []
    assert name_of("dossiers/late") == "giải quyết trễ hạn"
    assert "giờ hẹn" in meaning_of("dossiers/late")


@pytest.mark.parametrize(
    "text",
    ["[]", "topics: {dossiers: {name: a}}", "topics: {dossiers: {}}", "a: [", "topics: {x: {name: x}}"],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "figures.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused):
        load_figures(path)
