"""``/api/v1/openapi.json``: what other programs may call, in OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from aiohttp import web

PATH = "/api/v1/openapi.json"

_ERROR = {
    "type": "object",
    "properties": {"error": {"type": "string", "description": "one Vietnamese sentence"}},
}


def _answer(description: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema or _ERROR}}}


_EVENT = {
    "type": "object",
    "required": ["code", "status"],
    "properties": {
        "code": {"type": "string", "examples": ["H50.34-261008-0975"]},
        "status": {"type": "string", "description": "the source's own word or the national number 1 to 10"},
    },
    "additionalProperties": True,
}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Một Cửa", "version": "1"},
    "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/api/v1/dossiers/events": {
            "post": {
                "summary": "Tell of dossiers as things happen (scope dossiers:write); see docs/import.md",
                "security": [{"key": []}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {"events": {"type": "array", "items": _EVENT}},
                            }
                        }
                    },
                },
                "responses": {
                    "200": _answer("accepted, changed, and what was refused per item", {"type": "object"}),
                    "401": _answer("no key, or a revoked one"),
                    "403": _answer("the key lacks the scope"),
                    "413": _answer("more than 2 MB"),
                    "422": _answer("nothing of it was usable"),
                },
            }
        },
        "/webhooks/rest/webhook": {
            "post": {
                "summary": "One message, its replies (as Rasa's REST channel)",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["message"],
                                "properties": {
                                    "sender": {"type": "string"},
                                    "message": {"type": "string"},
                                    "metadata": {
                                        "type": "object",
                                        "properties": {"message_id": {"type": ["string", "integer"]}},
                                    },
                                },
                            }
                        }
                    },
                },
                "responses": {
                    "200": _answer("replies in order", {"type": "array", "items": {"type": "object"}}),
                    "400": _answer("not what is wanted"),
                    "401": _answer("beyond loopback a key is needed"),
                    "413": _answer("too long"),
                },
            }
        },
    },
}


async def document(request: web.Request) -> web.Response:
    return web.json_response(DOCUMENT)


def routes() -> list[web.RouteDef]:
    return [web.get(PATH, document)]
