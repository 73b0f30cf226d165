"""A real recogniser on speech made on this machine: what messengers send, and what is no speech."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from backend.settings import read_settings
from backend.speech.recogniser import Recogniser
from tests.needs import need_speech

ROOT = Path(__file__).resolve().parents[2]
PYTHON = read_settings(ROOT).home / "env" / "speech" / "bin" / "python"
#: The recogniser was trained on people; of eSpeak's voices it understands this one best.
VOICE = ("-v", "vi+f2", "-s", "140")
TRANSCODE = """
import sys, av
source, target, codec, rate = sys.argv[1:]
with av.open(source) as heard, av.open(target, "w") as made:
    stream = made.add_stream(codec, rate=int(rate), layout="mono")
    resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=int(rate))
    for frame in heard.decode(audio=0):
        for piece in resampler.resample(frame):
            made.mux(stream.encode(piece))
    made.mux(stream.encode(None))
"""


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    need_speech(PYTHON)
    return Recogniser(PYTHON, "viet-asr", ROOT)


def spoken(words: str, file: Path) -> Path:
    subprocess.run(["espeak-ng", *VOICE, "-w", file, words], check=True)
    return file


def as_sent(source: Path, target: Path, codec: str, rate: int) -> bytes:
    subprocess.run([PYTHON, "-c", TRANSCODE, source, target, codec, str(rate)], check=True)
    return target.read_bytes()


async def test_spoken_words_come_back(recogniser: Recogniser, tmp_path: Path) -> None:
    note = spoken("tôi muốn hỏi thủ tục đăng ký kết hôn", tmp_path / "note.wav").read_bytes()
    assert "đăng ký kết hôn" in await recogniser.hear(note)


@pytest.mark.parametrize(
    ("ending", "codec", "rate"), [("ogg", "libopus", 48000), ("mp3", "libmp3lame", 44100)]
)
async def test_the_containers_that_messengers_send_are_decoded(
    recogniser: Recogniser, tmp_path: Path, ending: str, codec: str, rate: int
) -> None:
    source = spoken("làm giấy khai sinh cho con cần giấy tờ gì", tmp_path / "note.wav")
    note = as_sent(source, tmp_path / f"note.{ending}", codec, rate)
    assert "làm giấy" in await recogniser.hear(note)


async def test_silence_has_no_words(recogniser: Recogniser, tmp_path: Path) -> None:
    note = spoken(" ", tmp_path / "note.wav").read_bytes()
    assert await recogniser.hear(note) == ""


@pytest.mark.parametrize(
    "note", [b"", b"not a sound", b"\x89PNG\r\n\x1a\n" + bytes(400), b"OggS" + bytes(5000)]
)
async def test_what_is_no_sound_is_refused(recogniser: Recogniser, note: bytes) -> None:
    with pytest.raises(ValueError, match="voice note"):
        await recogniser.hear(note)


async def test_a_speech_is_refused(recogniser: Recogniser, tmp_path: Path) -> None:
    note = spoken("một hai ba bốn năm sáu bảy tám chín mười " * 25, tmp_path / "long.wav").read_bytes()
    with pytest.raises(ValueError, match="voice note"):
        await recogniser.hear(note)


async def test_a_recogniser_that_is_not_there_is_a_refusal(tmp_path: Path) -> None:
    gone = Recogniser(tmp_path / "python", "viet-asr", ROOT)
    with pytest.raises(FileNotFoundError):
        await gone.hear(b"x")
