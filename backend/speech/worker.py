"""``python -m backend.speech.worker ENGINE LONGEST_S``: a voice note on standard input, its words on standard output.

Runs inside the speech environment only. PyAV decodes what messengers send: Ogg Opus (Telegram), AMR (Zalo), MP3, M4A.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, Protocol

import av
import numpy as np

MEMORY_BYTES = (
    4 * 1024 * 1024 * 1024
)  # address space, not memory: the runtime maps its model several times over
CPU_S = 40
RATE = 16_000  # samples a second, what the models were trained on
SILENCE = np.zeros(RATE // 3, dtype=np.int16)  # a word that begins at once is lost without it


class Engine(Protocol):
    def text(self, samples: np.ndarray) -> str:
        """``samples``: int16, mono, 16 kHz."""


class VietAsr:
    """viet-asr (Apache-2.0): the model is inside the package, nothing is fetched."""

    def __init__(self) -> None:
        import vietasr

        self._pipeline: Any = vietasr.Pipeline.new().add("vietasr").build()

    def text(self, samples: np.ndarray) -> str:
        return str(self._pipeline.transcribe(samples, float(RATE)).text)


class Sherpa:
    """sherpa-onnx with a transducer that the office downloaded: encoder, decoder, joiner and tokens in a folder."""

    def __init__(self, folder: Path) -> None:
        import sherpa_onnx

        def part(name: str) -> str:
            found = sorted(
                folder.glob(f"{name}*.onnx"), key=lambda path: ("int8" not in path.name, path.name)
            )
            if not found:
                raise FileNotFoundError(f"{folder}: no {name}*.onnx")
            return str(found[0])

        self._recogniser: Any = sherpa_onnx.OfflineRecognizer.from_transducer(
            encoder=part("encoder"),
            decoder=part("decoder"),
            joiner=part("joiner"),
            tokens=str(folder / "tokens.txt"),
            num_threads=2,
        )

    def text(self, samples: np.ndarray) -> str:
        stream = self._recogniser.create_stream()
        stream.accept_waveform(RATE, samples.astype(np.float32) / 32768.0)
        self._recogniser.decode_stream(stream)
        return str(stream.result.text).lower()


def decoded(note: bytes, longest_s: float) -> np.ndarray:
    """Mono samples at 16 kHz. Raises ValueError for what is no sound or too long."""
    pieces: list[np.ndarray] = []
    count = 0
    try:
        with av.open(io.BytesIO(note)) as container:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in container.decode(audio=0):
                for piece in resampler.resample(frame):
                    pieces.append(piece.to_ndarray().reshape(-1))
                    count += len(pieces[-1])
                    if count > longest_s * RATE:
                        raise ValueError("longer than it may be")
    except (av.FFmpegError, IndexError) as error:
        raise ValueError("not a sound that can be decoded") from error
    if not pieces:
        raise ValueError("no sound in it")
    return np.concatenate([SILENCE, *pieces, SILENCE])


def main(engine: str, longest_s: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    answer = os.dup(1)
    os.dup2(2, 1)  # the native libraries greet on standard output
    try:
        samples = decoded(sys.stdin.buffer.read(), float(longest_s))
    except ValueError:
        return 1
    chosen: Engine = VietAsr() if engine == "viet-asr" else Sherpa(Path(engine))
    os.write(answer, json.dumps({"text": chosen.text(samples)}).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
