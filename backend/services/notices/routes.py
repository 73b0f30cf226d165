"""How each kind of notice goes out: a default here, an administrator's choice in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backend.domain.errors import InvalidInput, NotFound
from backend.domain.notice import LADDER, Route, Rung
from backend.domain.ports import UnitOfWork

_CHAT = (Rung.CHAT,)
_WRITTEN = (Rung.CHAT, Rung.ZNS, Rung.SMS)

#: What an office starts with. News that changes nothing for the person stays in the chat; what needs a step of
#: theirs, or breaks a promise, climbs to a call.
DEFAULTS = {
    one.kind: one
    for one in (
        Route("notices/dossier_accepted", ladder=_CHAT),
        Route("notices/dossier_processing", ladder=_CHAT),
        Route("notices/dossier_supplement"),
        Route("notices/dossier_fee_due"),
        Route("notices/dossier_refused"),
        Route("notices/dossier_stopped"),
        Route("notices/dossier_withdrawn", ladder=_CHAT),
        Route("notices/dossier_ready"),
        Route("notices/dossier_returned", ladder=_CHAT),
        Route("notices/dossier_late"),
        Route("notices/dossier_apology"),
        Route("notices/dossier_other", ladder=_CHAT),
        Route("notices/petition", ladder=_WRITTEN),
        Route("notices/reception_reminder", ladder=_WRITTEN, gathers=False),
        Route("notices/reception_decided", gathers=False),
        Route("notices/reception_moved", gathers=False),
        Route("notices/leader_event", ladder=_CHAT),
        Route("notices/leader_clash", ladder=_CHAT),
    )
}


def route_of(uow: UnitOfWork, kind: str) -> Route:
    """An administrator's choice, else the default; a kind without one goes by chat alone."""
    return uow.notices.route(kind) or DEFAULTS.get(kind) or Route(kind, ladder=_CHAT, gathers=False)


def all_routes(uow: UnitOfWork) -> Sequence[Route]:
    return [route_of(uow, kind) for kind in sorted(DEFAULTS)]


def change_route(
    uow: UnitOfWork,
    actor: str,
    kind: str,
    *,
    enabled: bool | None = None,
    ladder: Sequence[str] = (),
    gathers: bool | None = None,
    applicants: bool | None = None,
    zns_template: str | None = None,
    zns_values: dict[str, str] | None = None,
) -> Route:
    """Change what is given, keep the rest.

    Raises:
        NotFound: no such kind.
        InvalidInput: a ladder that names an unknown channel, or one twice.
    """
    kind = kind if kind.startswith("notices/") else f"notices/{kind}"
    if kind not in DEFAULTS:
        raise NotFound()
    route = route_of(uow, kind)
    if ladder:
        unknown = [one for one in ladder if one not in set(LADDER)]
        if unknown or len(set(ladder)) != len(ladder):
            raise InvalidInput(reason=f"kênh phải là {', '.join(LADDER)}, mỗi kênh một lần")
        route = replace(route, ladder=tuple(Rung(one) for one in ladder))
    route = replace(
        route,
        enabled=route.enabled if enabled is None else enabled,
        gathers=route.gathers if gathers is None else gathers,
        applicants=route.applicants if applicants is None else applicants,
    )
    if zns_template is not None:
        route = replace(route, zns_template=zns_template.strip()[:40])
    if zns_values is not None:
        route = replace(route, zns_values=zns_values)
    uow.notices.put_route(route, actor, uow.now)
    uow.audit.record(actor, "notice_route", kind, "changed", {"ladder": [str(one) for one in route.ladder]})
    return route


def reset_route(uow: UnitOfWork, actor: str, kind: str) -> Route:
    """Back to the default. Raises NotFound for an unknown kind."""
    kind = kind if kind.startswith("notices/") else f"notices/{kind}"
    if kind not in DEFAULTS:
        raise NotFound()
    uow.notices.drop_route(kind)
    uow.audit.record(actor, "notice_route", kind, "reset")
    return DEFAULTS[kind]
