"""Reading what came over the wire, no more of it than there may be."""

from __future__ import annotations

from aiohttp import StreamReader, web


async def whole_body(request: web.Request, longest: int) -> bytes | None:
    """The request's whole body, None when it has more than ``longest`` bytes."""
    return await read_up_to(request.content, request.content_length, longest)


async def read_up_to(content: StreamReader, told: int | None, longest: int) -> bytes | None:
    """All of it, None when there are more than ``longest`` bytes; ``told`` is the length that was announced."""
    if (told or 0) > longest:
        return None
    body = bytearray()
    async for chunk in content.iter_chunked(65536):
        body += chunk
        if len(body) > longest:
            return None
    return bytes(body)
