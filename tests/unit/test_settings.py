"""Settings: what is read, what is refused in one line, and that every one is documented."""

from __future__ import annotations

import re
from datetime import datetime, time
from pathlib import Path

import pytest

from backend.domain.clock import VIETNAM
from backend.settings import SettingError, Settings, dotenv, read_settings

ROOT = Path(__file__).resolve().parents[2]
#: Read by the launcher before there is a Python, or by the test suites.
LAUNCHER = {"PROXY", "PYTHON", "BUNDLE"}
_READ = re.compile(
    r'_(?:text|whole|seconds|moment|clock_time|path|flag|channels|weekly|ladder)\((?:values|env), "([A-Z_]+)"'
)
_DOCUMENTED = re.compile(r"^#?MOTCUA_([A-Z_]+)=(.*)$", re.MULTILINE)


def documented() -> dict[str, str]:
    return dict(_DOCUMENTED.findall((ROOT / ".env.example").read_text(encoding="utf-8")))


def settings(**values: str) -> Settings:
    return read_settings(Path("/nowhere"), {f"MOTCUA_{name}": value for name, value in values.items()})


def test_every_setting_is_documented_and_everything_documented_is_a_setting() -> None:
    read = set(_READ.findall((ROOT / "backend" / "settings.py").read_text(encoding="utf-8")))
    assert len(read) >= 20
    assert set(documented()) == read | LAUNCHER


def test_what_the_launcher_is_said_to_read_it_reads() -> None:
    launcher = (ROOT / "motcua").read_text(encoding="utf-8")
    assert all(f"MOTCUA_{name}" in launcher for name in LAUNCHER)


def test_the_documented_values_are_the_defaults() -> None:
    """Paths are shown as examples; every other value that is shown is what the program takes by itself."""
    examples = {"HOME", "DATABASE_URL", "KEY_FILE", *LAUNCHER}
    shown = {name: value for name, value in documented().items() if name not in examples}
    assert settings(**shown) == settings()


def test_every_setting_has_a_word_of_explanation_above_it() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if _DOCUMENTED.match(line):
            above = lines[number - 1]
            assert above.startswith(("# ", "#MOTCUA_")), line


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("PORT", "0", "from 1 to 65535"),
        ("PORT", "70000", "from 1 to 65535"),
        ("BRIEF_AT", "monday 07:00", "mon 07:00"),
        ("BRIEF_AT", "mon 25:00", "mon 07:00"),
        ("BRIEF_AT", "mon", "mon 07:00"),
        ("PORT", "eighty", "whole number"),
        ("PORT", "٨٠", "whole number"),
        ("RASA_PORT", "-1", "whole number"),
        ("WORKERS", "1.5", "from 1 to 64"),
        ("RETENTION_DAYS", "0", "from 1 to 3650"),
        ("RASA_TIMEOUT", "0", "more than 0"),
        ("RASA_TIMEOUT", "soon", "seconds"),
        ("RASA_TIMEOUT", "nan", "seconds"),
        ("LEASE", "99999", "at most 3600"),
        ("NOW", "tomorrow", "2026-11-21T09:30"),
        ("LATE_HOUR", "25:00", "15:00"),
        ("DEMO", "maybe", "1 or 0"),
        ("DATABASE_URL", "mysql://x", "postgresql://"),
        ("DATABASE_URL", "sqlite://relative", "sqlite:///FILE"),
    ],
)
def test_a_bad_value_is_refused_in_one_line_that_names_it(name: str, value: str, wanted: str) -> None:
    with pytest.raises(SettingError) as refused:
        settings(**{name: value})
    told = str(refused.value)
    assert told.startswith(f"MOTCUA_{name}")
    assert wanted in told
    assert "\n" not in told


def test_a_bad_database_url_does_not_show_its_password() -> None:
    with pytest.raises(SettingError) as refused:
        settings(DATABASE_URL="mysql://app:geheim@db/motcua")
    assert "geheim" not in str(refused.value)


def test_both_spellings_of_a_postgresql_url_mean_the_same_driver() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        assert settings(DATABASE_URL=f"{scheme}://u@h/d").database_url == "postgresql+psycopg://u@h/d"


def test_relative_paths_start_at_the_checkout_and_home_carries_the_rest() -> None:
    read = settings(HOME="here")
    assert read.home == Path("/nowhere/here")
    assert read.key_file == Path("/nowhere/here/secret.key")
    assert read.database_url == "sqlite:////nowhere/here/data/motcua.sqlite3"
    assert read.socket == Path("/nowhere/here/run/app.sock")


def test_a_time_without_a_zone_is_vietnam_s() -> None:
    assert settings(NOW="2026-11-21T09:30").now == datetime(2026, 11, 21, 9, 30, tzinfo=VIETNAM)
    utc = settings(NOW="2026-11-21T02:30+00:00").now
    assert utc == datetime(2026, 11, 21, 9, 30, tzinfo=VIETNAM)
    assert settings(LATE_HOUR="14:30").late_hour == time(14, 30)


def test_the_environment_beats_the_file_and_an_empty_value_means_the_default(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('# note\nMOTCUA_PORT=9000\nMOTCUA_OFFICE_NAME="Văn phòng A"\nnonsense\n')
    assert read_settings(tmp_path, {}).port == 9000
    assert read_settings(tmp_path, {}).office_name == "Văn phòng A"
    assert read_settings(tmp_path, {"MOTCUA_PORT": "9001"}).port == 9001
    assert read_settings(tmp_path, {"MOTCUA_PORT": ""}).port == 8080


def test_no_file_means_no_settings(tmp_path: Path) -> None:
    assert dotenv(tmp_path / ".env") == {}


def test_zalo_is_off_until_the_app_is_named_and_then_wants_all_it_needs() -> None:
    assert settings().zalo.app_id == ""
    whole = {"ZALO_APP_ID": "441", "ZALO_APP_SECRET": "x", "ZALO_OA_ID": "579"}
    assert settings(**whole).zalo.file_hosts == (".zdn.vn",)
    for missing in ("ZALO_APP_SECRET", "ZALO_OA_ID"):
        with pytest.raises(SettingError, match=missing):
            settings(**{**whole, missing: ""})
