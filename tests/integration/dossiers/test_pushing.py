"""The push API: keyed, per-item errors, repeatable, never speaking in another's name."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from backend.db.engine import Database
from backend.domain.dossier import Stage
from backend.domain.viewer import Viewer
from backend.services.accounts.secrets import new_key
from backend.services.dossiers import follow
from backend.web.api_dossiers import MOST_BYTES, PATH, SCOPE, routes
from backend.web.api_keys import DATABASE
from tests.integration.dossiers.conftest import CODE
from tests.integration.dossiers.test_writing import events_of, notices

Client = TestClient[Any, Any]
EVENT = {
    "code": CODE,
    "event_id": "e-1",
    "stage": 9,
    "at": "2026-11-21T09:00:00+07:00",
    "step": "Trả kết quả",
}


@pytest.fixture
async def client(known: Database) -> AsyncIterator[Client]:
    app = web.Application()
    app[DATABASE] = known
    app.add_routes(routes())
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def make_key(known: Database) -> Callable[..., dict[str, str]]:
    def make(name: str = "LGSP", *scopes: str) -> dict[str, str]:
        key, hashed = new_key()
        known.write_now(lambda uow: uow.accounts.add_key(name, hashed, scopes or (SCOPE,), uow.now))
        return {"Authorization": f"Bearer {key}"}

    return make


async def push(client: Client, headers: dict[str, str], *events: Any) -> tuple[int, Any]:
    answer = await client.post(PATH, json={"events": list(events)}, headers=headers)
    return answer.status, await answer.json()


async def test_an_event_moves_the_dossier_once(
    client: Client, make_key: Any, known: Database, owner: Viewer
) -> None:
    known.write_now(lambda uow: follow(uow, owner, CODE))
    key = make_key()
    assert await push(client, key, EVENT) == (200, {"accepted": 1, "changed": 1, "errors": []})
    assert (await push(client, key, EVENT))[1]["changed"] == 0
    found = known.write_now(lambda uow: uow.dossiers.by_code(CODE))
    assert (found.stage, found.source, found.finished_at) == (Stage.DONE, "LGSP", found.as_of)
    assert [event.event_id for event in events_of(known)].count("e-1") == 1
    assert len(notices(known)) == 1


async def test_late_history_does_not_move_it_back(client: Client, make_key: Any, known: Database) -> None:
    old = {**EVENT, "event_id": "e-0", "stage": 4, "at": "2026-11-10T09:00:00+07:00"}
    assert (await push(client, make_key(), old))[0] == 200
    assert known.write_now(lambda uow: uow.dossiers.by_code(CODE)).stage is Stage.SUPPLEMENT
    assert events_of(known)[0].event_id == "e-0"


async def test_a_new_dossier_needs_its_agency(client: Client, make_key: Any, known: Database) -> None:
    new = {**EVENT, "code": "H50.34-261120-0100", "stage": 2}
    status, body = await push(client, make_key(), new, {**new, "agency": "UBND phường Trần Phú"})
    assert (status, body["accepted"]) == (200, 1)
    assert body["errors"] == [
        {"index": 0, "field": "agency", "reason": "hồ sơ mới cần tên cơ quan giải quyết"}
    ]
    assert known.write_now(lambda uow: uow.dossiers.by_code("H50.34-261120-0100")) is not None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "261109-0041"}, "code"),
        ({"code": 7}, "code"),
        ({"stage": 11}, "stage"),
        ({"stage": True}, "stage"),
        ({"at": "2026-11-21T09:00:00"}, "at"),
        ({"at": "21/11/2026"}, "at"),
        ({"at": "2027-01-01T00:00:00+07:00"}, "at"),
        ({"due_at": "soon"}, "due_at"),
        ({"papers": "Tờ khai"}, "papers"),
        ({"papers": ["x" * 301]}, "papers"),
        ({"applicant": {"phone": "12"}}, "applicant.phone"),
        ({"step": "x" * 301}, "step"),
        ({"title": "a\0b"}, "title"),
        ({"nickname": "x"}, "nickname"),
    ],
)
async def test_each_bad_field_is_named(client: Client, make_key: Any, change: Any, field: str) -> None:
    status, body = await push(client, make_key(), {**EVENT, "stage": 5, **change})
    assert status == 422
    assert body["errors"][0]["field"] == field


async def test_keys_are_asked_for(client: Client, make_key: Any, known: Database) -> None:
    assert (await push(client, {}, EVENT))[0] == 401
    assert (await push(client, {"Authorization": "Bearer mc_wrong"}, EVENT))[0] == 401
    assert (await push(client, make_key("reader", "rest:chat"), EVENT))[0] == 403
    revoked = make_key("old")
    known.write_now(lambda uow: uow.accounts.revoke_key("old", uow.now))
    assert (await push(client, revoked, EVENT))[0] == 401


async def test_unusable_bodies(client: Client, make_key: Any) -> None:
    key = make_key()
    for body in (b"{", b"[]", b'{"events": []}', b'{"events": 3}', b"\xff"):
        answer = await client.post(PATH, data=body, headers=key)
        assert answer.status == 422, body
        assert (await answer.json())["error"]
    large = await client.post(PATH, data=io.BytesIO(b" " * (MOST_BYTES + 1)), headers=key)
    assert large.status == 413
    status, _body = await push(client, key, *([EVENT] * 501))
    assert status == 422
