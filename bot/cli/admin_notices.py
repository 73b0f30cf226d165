"""``admin notices``: how far they have come, how each kind goes out, who wants none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from backend.domain.clock import VIETNAM
from backend.domain.errors import InvalidInput, NotFound
from backend.domain.notice import Route, Step
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

notices = typer.Typer(no_args_is_help=True, help="Notices: how far they have come, and by which channels.")


@notices.command("list")
def notices_list(
    subject: Annotated[str, typer.Option(help="dossier:CODE, petition:CODE or booking:CODE")] = "",
    status: Annotated[list[str] | None, typer.Option(help="of the notice or of its message")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """The newest notices: number, kind, about what, channel, how far it came there, why it failed."""
    with opened_store(present_settings()) as db:
        found = db.read_now(lambda uow: uow.notices.steps(subject or None, status or [], limit))
        counts = db.read_now(lambda uow: uow.notices.counts())
    for one in found:
        print(_line(one))
        for step in one.trail:
            print(f"            {step.get('at', '')}  {step.get('by', '')}: {step.get('reason', '')}")
    print("  ".join(f"{name} {count}" for name, count in sorted(counts.items())))


def _line(one: Step) -> str:
    at = one.at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M") if one.at else ""
    place = f"{one.channel} {one.status}".strip() or one.notice_status
    return f"{one.notice_id:>8}  {one.kind.partition('/')[2]:<20} {one.subject:<40} {place:<18} {at}  {one.reason}"


@notices.command("retry")
def notices_retry(
    number: Annotated[int, typer.Argument(help="a failed notice's number; 0: every failed one")],
) -> None:
    """Try failed notices again from the first channel on, in polite hours."""
    from backend.services.notices.ladder import retry

    with opened_store(present_settings()) as db:
        if number:
            numbers = [number]
        else:
            failed = db.read_now(lambda uow: uow.notices.steps(None, ["failed"], 100_000))
            numbers = [one.notice_id for one in failed if one.notice_status == "failed"]
        for one in numbers:
            try:
                db.write_now(partial(retry, actor=shell_actor(), notice_id=one))
            except NotFound:
                raise CommandError(f"{one}: there is no failed notice with this number") from None
    print(f"{len(numbers)} to be tried again")


@notices.command("routes")
def notices_routes() -> None:
    """How each kind goes out: on or off, channels in order, gathered or not, to applicants or not, ZNS template."""
    from backend.services.notices.routes import all_routes

    with opened_store(present_settings()) as db:
        for one in db.read_now(all_routes):
            print(_route(one))


def _route(one: Route) -> str:
    values = ",".join(f"{name}={value}" for name, value in one.zns_values.items())
    return (
        f"{one.kind.partition('/')[2]:<20} {'on' if one.enabled else 'off':<4} {'>'.join(one.ladder):<20} "
        f"{'gathered' if one.gathers else 'alone':<9} {'applicants' if one.applicants else 'followers':<11}"
        f"{one.zns_template} {values}".rstrip()
    )


@notices.command("route")
def notices_route(
    kind: Annotated[str, typer.Argument(help="as `routes` lists it, such as dossier_ready")],
    on: Annotated[bool | None, typer.Option("--on/--off")] = None,
    by: Annotated[str, typer.Option(help="channels in order: chat,zns,sms,call")] = "",
    gather: Annotated[bool | None, typer.Option(help="several at once become one message")] = None,
    applicants: Annotated[
        bool | None, typer.Option(help="also to the phone on the dossier when nobody follows it")
    ] = None,
    zns: Annotated[str | None, typer.Option(help="number of the approved ZNS template; empty: none")] = None,
    zns_value: Annotated[
        list[str] | None, typer.Option(help="template parameter=value name (code, title, agency, text …)")
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="back to the default")] = False,
) -> None:
    """Change how a kind of notice goes out; it counts for the next one that is due."""
    from backend.services.notices.routes import change_route, reset_route

    values = _pairs(zns_value) if zns_value else None
    with opened_store(present_settings()) as db:
        try:
            if reset:
                route = db.write_now(lambda uow: reset_route(uow, shell_actor(), kind))
            else:
                route = db.write_now(
                    lambda uow: change_route(
                        uow,
                        shell_actor(),
                        kind,
                        enabled=on,
                        ladder=[one.strip() for one in by.split(",") if one.strip()],
                        gathers=gather,
                        applicants=applicants,
                        zns_template=zns,
                        zns_values=values,
                    )
                )
        except NotFound:
            raise CommandError(f"{kind}: no such kind; see `admin notices routes`") from None
        except InvalidInput as error:
            raise CommandError(str(error.values["reason"])) from None
    print(_route(route))


def _pairs(given: Sequence[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if any(not sign or not name or not value for name, sign, value in pairs):
        raise CommandError("--zns-value: expected PARAMETER=VALUE, such as ma_ho_so=code")
    return {name: value for name, _, value in pairs}


@notices.command("stop")
def notices_stop(
    phone: Annotated[str, typer.Argument(help="a number that wants no more notices")],
) -> None:
    """No more notices to this phone, at once; what waits is dropped."""
    from backend.services.notices.stopping import stop_phone
    from backend.text.phones import mask_phone, normalise_phone

    try:
        number = normalise_phone(phone)
    except ValueError:
        raise CommandError("that is no Vietnamese phone number") from None
    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: stop_phone(uow, shell_actor(), number))
    print(f"{mask_phone(number)}: stopped")
