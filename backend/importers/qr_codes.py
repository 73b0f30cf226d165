"""Reading QR codes from a photo, in a process of its own with little memory and little time.

A picture from a stranger is parsed by native code: when it goes wrong, only this process ends.
Run as ``python -m backend.importers.qr_codes`` it reads a picture from standard input and prints a JSON list.
"""

from __future__ import annotations

import asyncio
import io
import json
import resource
import sys
from collections.abc import Sequence

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_S = 6
WALL_S = 8.0
MOST_PIXELS = 40_000_000
MOST_CODES = 5


async def read_qr_codes(picture: bytes) -> Sequence[str]:
    """Texts of the QR codes in a JPEG, PNG or WebP picture.

    Raises:
        ValueError: not a picture, or too large to look at.
        TimeoutError: took too long.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "backend.importers.qr_codes",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(WALL_S):
            output, _ = await process.communicate(picture)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise ValueError("not a readable picture")
    texts: list[str] = json.loads(output)
    return texts


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _main() -> int:
    import zxingcpp
    from PIL import Image

    _limit()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("JPEG", "PNG", "WEBP")) as picture:
        grey = picture.convert("L")
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    json.dump([one.text for one in found[:MOST_CODES]], sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
