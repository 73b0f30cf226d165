"""The watched folder takes complete files once, tells what happened, and survives crashes."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from backend.importers.base import FileRefused, Report, RowError
from backend.jobs import watched_folder
from backend.jobs.watched_folder import ABANDONED_S, sweep


def drop(folder: Path, name: str, text: str = "x", age_s: float = 60) -> Path:
    path = folder / name
    path.write_text(text)
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def fine(path: Path) -> Report:
    return Report(created=1)


def report_of(path: Path) -> Any:
    return json.loads(path.with_name(path.name + ".report.json").read_text())


def test_a_good_file_goes_to_done_with_its_report(tmp_path: Path) -> None:
    drop(tmp_path, "hồ sơ.csv")
    assert sweep(tmp_path, fine) == 1
    assert report_of(tmp_path / "done" / "hồ sơ.csv")["created"] == 1
    assert not list((tmp_path / "processing").iterdir())
    assert sweep(tmp_path, fine) == 0


def test_refusals_go_to_refused_and_do_not_stop_the_rest(tmp_path: Path) -> None:
    drop(tmp_path, "a.csv")
    drop(tmp_path, "b.csv")
    drop(tmp_path, "c.csv")
    drop(tmp_path, "d.csv")

    def run(path: Path) -> Report:
        name = path.name[-5:]
        if name == "a.csv":
            raise FileRefused("Tệp trống.")
        if name == "b.csv":
            raise RuntimeError("a bug")
        report = Report(created=1)
        if name == "c.csv":
            report.refuse(RowError(2, "code", "thiếu mã"))
        return report

    assert sweep(tmp_path, run) == 4
    assert report_of(tmp_path / "refused" / "a.csv")["refused_file"] == "Tệp trống."
    assert "RuntimeError" in report_of(tmp_path / "refused" / "b.csv")["refused_file"]
    assert report_of(tmp_path / "refused" / "c.csv")["errors"][0]["row"] == 2
    assert (tmp_path / "done" / "d.csv").exists()


def test_files_still_being_written_wait(tmp_path: Path) -> None:
    drop(tmp_path, "young.csv", age_s=0)
    drop(tmp_path, "copy.csv.part")
    drop(tmp_path, ".hidden.csv")
    drop(tmp_path, "empty.csv", text="")
    (tmp_path / "link.csv").symlink_to("/etc/hostname")
    assert sweep(tmp_path, fine) == 0


def test_a_file_that_grows_under_an_old_time_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(tmp_path, "a.csv")

    def grow(_seconds: float) -> None:
        path.write_text("xx")
        os.utime(path, (time.time() - 60,) * 2)

    monkeypatch.setattr(watched_folder.time, "sleep", grow)
    assert sweep(tmp_path, fine) == 0


def test_the_same_name_again_overwrites_nothing(tmp_path: Path) -> None:
    for text in ("one", "two"):
        drop(tmp_path, "a.csv", text)
        sweep(tmp_path, fine)
    assert {path.read_text() for path in (tmp_path / "done").glob("*.csv")} == {"one", "two"}


def test_the_importer_sees_the_files_own_time(tmp_path: Path) -> None:
    written = drop(tmp_path, "a.csv", age_s=5000).stat().st_mtime
    seen: list[float] = []
    sweep(tmp_path, lambda path: seen.append(path.stat().st_mtime) or fine(path))
    assert seen == [written]


def test_two_sweepers_share_the_files(tmp_path: Path) -> None:
    for number in range(40):
        drop(tmp_path, f"{number}.csv")
    taken: list[str] = []
    handled: list[int] = []

    def run(path: Path) -> Report:
        taken.append(path.name.split("~")[1])
        return fine(path)

    sweepers = [
        threading.Thread(target=lambda: handled.append(sweep(tmp_path, run, settled_s=0.1))) for _ in range(3)
    ]
    for one in sweepers:
        one.start()
    for one in sweepers:
        one.join()
    assert sorted(taken) == sorted(f"{number}.csv" for number in range(40))
    assert sum(handled) == 40


def test_what_a_crash_left_is_tried_again(tmp_path: Path) -> None:
    def crash(path: Path) -> Report:
        raise KeyboardInterrupt

    drop(tmp_path, "a.csv")
    with pytest.raises(KeyboardInterrupt):
        sweep(tmp_path, crash)
    assert sweep(tmp_path, fine) == 0  # perhaps somebody still works on it
    claim = next((tmp_path / "processing").glob("*.claim"))
    os.utime(claim, (time.time() - ABANDONED_S - 1,) * 2)
    assert sweep(tmp_path, fine) == 1
    assert (tmp_path / "done" / "a.csv").exists()


def test_of_a_good_file_that_is_not_to_be_kept_the_report_alone_is_left(tmp_path: Path) -> None:
    drop(tmp_path, "đơn.csv")
    assert sweep(tmp_path, fine, keep_done=False) == 1
    assert [one.name for one in (tmp_path / "done").iterdir()] == ["đơn.csv.report.json"]
    assert list((tmp_path / "processing").iterdir()) == []


def test_a_refused_file_is_kept_to_be_corrected(tmp_path: Path) -> None:
    def refuse(path: Path) -> Report:
        report = Report()
        report.refuse(RowError(2, "Số đơn", "thiếu"))
        return report

    drop(tmp_path, "đơn.csv")
    sweep(tmp_path, refuse, keep_done=False)
    assert (tmp_path / "refused" / "đơn.csv").exists()
