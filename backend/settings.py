"""Typed settings, read once from the environment (and a ``.env`` file beside the launcher).

Every setting is named ``MOTCUA_…`` and stands in ``.env.example``; a test says so.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from backend.domain.clock import VIETNAM
from backend.domain.messaging import ChannelName
from backend.domain.scope import HEADS
from backend.domain.sign_in import Lasting


class SettingError(ValueError):
    """A setting cannot be used; the message names it and says what is wanted, in one line."""


@dataclass(frozen=True, slots=True)
class ZaloSettings:
    """The Official Account and the app that speaks for it. Off while ``app_id`` is empty.

    ``api``, ``oauth`` and ``zns`` are other addresses than the official ones; empty: the official ones.
    """

    app_id: str
    app_secret: str
    oa_id: str
    oa_secret: str
    api: str
    oauth: str
    zns: str
    file_hosts: tuple[str, ...]
    longest_wait_s: float


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Paths are absolute; times are local to Asia/Ho_Chi_Minh."""

    home: Path
    database_url: str
    key_file: Path
    host: str
    port: int
    rasa_url: str  # empty: start our own on loopback
    rasa_port: int
    rasa_timeout_s: float
    office_name: str
    public_url: str
    rest_key: str
    telegram_token: str
    telegram_secret: str
    telegram_api: str
    zalo: ZaloSettings
    sms_url: str  # empty: no text messages
    sms_key: str
    sms_brand: str
    catalogue: Path | None
    watch_folder: Path | None
    workers: int
    now: datetime | None
    late_hour: time
    staff_rows_on: frozenset[ChannelName]
    task_ladder: tuple[tuple[int, str], ...]  # days late, and the role that hears of it from then on
    session: Lasting  # of officers' browsers
    brief_at: str  # cron: when the giao ban brief goes to the leaders of the office
    retention_days: int
    demo: bool
    log_level: str
    lease_s: float
    speech: str  # empty: voice notes become call-backs

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def socket(self) -> Path:
        """The local door that ``ask`` and ``chat`` use; its mode is 0600."""
        return self.home / "run" / "app.sock"


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STAFF_CHANNELS = {str(one): one for one in (ChannelName.TELEGRAM, ChannelName.WEB, ChannelName.ZALO)}


def _text(env: Mapping[str, str], name: str, default: str = "") -> str:
    return env.get(f"MOTCUA_{name}", "").strip() or default


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = _text(env, name, str(default))
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise SettingError(f"MOTCUA_{name}={raw!r}: expected a whole number from {low} to {high}")
    return int(raw)


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    raw = _text(env, name, str(default))
    try:
        value = float(raw)
    except ValueError:
        value = -1.0
    if not 0 < value <= 3600:
        raise SettingError(f"MOTCUA_{name}={raw!r}: expected seconds, more than 0 and at most 3600")
    return value


def _moment(env: Mapping[str, str], name: str) -> datetime | None:
    raw = _text(env, name)
    if not raw:
        return None
    try:
        value = datetime.fromisoformat(raw)
    except ValueError:
        raise SettingError(f"MOTCUA_{name}={raw!r}: expected a time such as 2026-11-21T09:30") from None
    return value if value.tzinfo else value.replace(tzinfo=VIETNAM)


def _clock_time(env: Mapping[str, str], name: str, default: str) -> time:
    raw = _text(env, name, default)
    try:
        return time.fromisoformat(raw)
    except ValueError:
        raise SettingError(f"MOTCUA_{name}={raw!r}: expected a time of day such as 15:00") from None


def _ladder(env: Mapping[str, str], name: str, default: str) -> tuple[tuple[int, str], ...]:
    """Pairs of days and role separated by commas; "none" is no ladder."""
    raw = _text(env, name, default)
    pairs = [one.strip().partition(":") for one in raw.split(",") if one.strip() not in ("", "none")]
    for days, _, role in pairs:
        if not (days.isascii() and days.isdigit() and 0 < int(days) < 1000 and role in HEADS):
            known = ", ".join(sorted(HEADS))
            raise SettingError(
                f"MOTCUA_{name}={raw!r}: expected days:role such as 5:agency_head; roles: {known}"
            )
    return tuple((int(days), role) for days, _, role in pairs)


def _weekly(env: Mapping[str, str], name: str, default: str) -> str:
    """A day of the week and a time ("mon 07:00") as a cron expression."""
    raw = _text(env, name, default).lower()
    day, _, at = raw.partition(" ")
    try:
        when = time.fromisoformat(at.strip())
    except ValueError:
        when = None
    if day not in _DAYS or when is None or when.tzinfo is not None:
        raise SettingError(f"MOTCUA_{name}={raw!r}: expected a day and a time such as mon 07:00")
    return f"{when.minute} {when.hour} * * {day}"


def _channels(env: Mapping[str, str], name: str, default: str) -> frozenset[ChannelName]:
    """Names separated by commas; "none" is no channel at all."""
    raw = _text(env, name, default)
    said = {one.strip() for one in raw.split(",") if one.strip()} - {"none"}
    if unknown := said - set(_STAFF_CHANNELS):
        known = ", ".join(sorted(_STAFF_CHANNELS))
        raise SettingError(f"MOTCUA_{name}={raw!r}: {min(unknown)} is none of {known}")
    return frozenset(_STAFF_CHANNELS[one] for one in said)


def _path(env: Mapping[str, str], name: str, base: Path) -> Path | None:
    raw = _text(env, name)
    return (base / Path(raw).expanduser()).resolve() if raw else None


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    raw = _text(env, name, "1" if default else "0").lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"MOTCUA_{name}={raw!r}: expected 1 or 0")


def _speech(env: Mapping[str, str], root: Path) -> str:
    """``viet-asr``, or the absolute path of a folder with a sherpa-onnx model."""
    raw = _text(env, "SPEECH")
    if not raw or raw == "viet-asr":
        return raw
    folder = _path(env, "SPEECH", root)
    if folder is None or not (folder / "tokens.txt").is_file():
        raise SettingError(
            f"MOTCUA_SPEECH={raw!r}: expected viet-asr, or a folder with tokens.txt and encoder, decoder, joiner .onnx"
        )
    return str(folder)


def _zalo(values: Mapping[str, str]) -> ZaloSettings:
    """Raises SettingError where the app is named but not all that it needs."""
    found = ZaloSettings(
        app_id=_text(values, "ZALO_APP_ID"),
        app_secret=_text(values, "ZALO_APP_SECRET"),
        oa_id=_text(values, "ZALO_OA_ID"),
        oa_secret=_text(values, "ZALO_OA_SECRET"),
        api=_text(values, "ZALO_API").rstrip("/"),
        oauth=_text(values, "ZALO_OAUTH").rstrip("/"),
        zns=_text(values, "ZALO_ZNS").rstrip("/"),
        file_hosts=tuple(_text(values, "ZALO_FILES", ".zdn.vn").replace(",", " ").split()),
        longest_wait_s=_seconds(values, "ZALO_WAIT", 60.0),
    )
    if found.app_id and not (found.app_secret and found.oa_id):
        raise SettingError(
            "MOTCUA_ZALO_APP_ID is set: MOTCUA_ZALO_APP_SECRET and MOTCUA_ZALO_OA_ID are needed, too"
        )
    return found


def dotenv(path: Path) -> dict[str, str]:
    """The ``NAME=value`` lines of a file; quotes around a value are dropped. Missing file: nothing."""
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sign, value = line.strip().partition("=")
        if sign and not name.startswith("#"):
            found[name.strip()] = value.strip().strip("'\"")
    return found


def read_settings(root: Path, env: Mapping[str, str] | None = None) -> Settings:
    """Settings for the checkout at ``root``.

    Raises:
        SettingError: a value cannot be used.
    """
    values = {**dotenv(root / ".env"), **(os.environ if env is None else env)}
    home = _path(values, "HOME", root) or (root / ".motcua").resolve()
    url = _text(values, "DATABASE_URL", f"sqlite:///{home / 'data' / 'motcua.sqlite3'}")
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingError("MOTCUA_DATABASE_URL: expected sqlite:///FILE or postgresql://…")
    return Settings(
        home=home,
        database_url=url,
        key_file=_path(values, "KEY_FILE", root) or home / "secret.key",
        host=_text(values, "HOST", "127.0.0.1"),
        port=_whole(values, "PORT", 8080, 1, 65535),
        rasa_url=_text(values, "RASA_URL").rstrip("/"),
        rasa_port=_whole(values, "RASA_PORT", 5105, 1, 65535),
        rasa_timeout_s=_seconds(values, "RASA_TIMEOUT", 3.0),
        office_name=_text(values, "OFFICE_NAME", "Văn phòng UBND tỉnh"),
        public_url=_text(values, "PUBLIC_URL").rstrip("/"),
        rest_key=_text(values, "REST_KEY"),
        telegram_token=_text(values, "TELEGRAM_TOKEN"),
        telegram_secret=_text(values, "TELEGRAM_SECRET"),
        telegram_api=_text(values, "TELEGRAM_API").rstrip("/"),
        zalo=_zalo(values),
        sms_url=_text(values, "SMS_URL"),
        sms_key=_text(values, "SMS_KEY"),
        sms_brand=_text(values, "SMS_BRAND"),
        catalogue=_path(values, "CATALOGUE", root),
        watch_folder=_path(values, "WATCH_FOLDER", root),
        workers=_whole(values, "WORKERS", 8, 1, 64),
        now=_moment(values, "NOW"),
        late_hour=_clock_time(values, "LATE_HOUR", "15:00"),
        staff_rows_on=_channels(values, "STAFF_ROWS_ON", "web"),
        task_ladder=_ladder(values, "TASK_LADDER", "1:agency_head,10:office_leader"),
        session=Lasting(
            timedelta(minutes=_whole(values, "SESSION_IDLE_MINUTES", 120, 5, 24 * 60)),
            timedelta(hours=_whole(values, "SESSION_HOURS", 12, 1, 7 * 24)),
        ),
        brief_at=_weekly(values, "BRIEF_AT", "mon 07:00"),
        retention_days=_whole(values, "RETENTION_DAYS", 180, 1, 3650),
        demo=_flag(values, "DEMO", True),
        log_level=_text(values, "LOG_LEVEL", "INFO").upper(),
        lease_s=_seconds(values, "LEASE", 15.0),
        speech=_speech(values, root),
    )
