"""Turning a voice note into words with a recogniser of this machine, in a process with little memory and time.

The recogniser lives in an environment of its own (requirements/speech.txt) and is only there where MOTCUA_SPEECH says
so. Sound from strangers is decoded by native code: when it goes wrong, only that process ends.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

#: Shorter than the lease of a message, so that nobody else takes it up meanwhile.
WALL_S = 12.0
#: Longer notes become call-backs: nobody checks the reading of a speech.
LONGEST_S = 45.0
#: Each takes a core for some seconds; who waits too long becomes a call-back.
AT_ONCE = 2


class Recogniser:
    """``engine`` is ``viet-asr`` (its model comes with the package) or a folder with a sherpa-onnx transducer."""

    def __init__(self, python: Path, engine: str, root: Path) -> None:
        self._python = python
        self._engine = engine
        self._root = root
        self._room = asyncio.Semaphore(AT_ONCE)

    async def hear(self, note: bytes) -> str:
        """The words, lower case, without punctuation; "" when there is no speech in it.

        Raises:
            ValueError: not sound, too long, or the recogniser failed.
            TimeoutError: took too long.
        """
        async with asyncio.timeout(WALL_S), self._room:
            output = await self._run(note)
        words: str = json.loads(output)["text"]
        return " ".join(words.split())

    async def _run(self, note: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            self._python,
            "-m",
            "backend.speech.worker",
            self._engine,
            str(LONGEST_S),
            cwd=self._root,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            output, _ = await process.communicate(note)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise ValueError("not a voice note that can be read")
        return output
