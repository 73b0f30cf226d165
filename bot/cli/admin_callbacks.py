"""``admin callbacks``: who asked to be rung, and ticking them off."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.domain.clock import VIETNAM
from backend.domain.errors import InvalidInput, NotFound
from backend.text.phones import mask_phone
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

callbacks = typer.Typer(no_args_is_help=True, help="People who asked to be rung.")


@callbacks.command("list")
def callbacks_list(
    show: Annotated[
        bool, typer.Option(help="print whole numbers and what was said; this is audited")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """Who waits, the oldest first: code, since when, why, number."""
    from backend.services.callbacks import waiting

    with opened_store(present_settings()) as db:
        # The audit row is committed before a number is shown.
        found = db.write_now(lambda uow: waiting(uow, shell_actor(), limit, shown=show))
    for one in found:
        at = one.created_at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")
        phone = one.request.phone if one.request else ""
        print(f"{one.code}  {at}  {one.topic:<6} {phone if show else mask_phone(phone) if phone else '-'}")
        if show and one.request:
            print(f"          {one.request.about}  [{one.request.when}]")


@callbacks.command("done")
def callbacks_done(
    code: str, note: Annotated[str, typer.Option(help="what came of it; sealed")] = ""
) -> None:
    """The person was rung."""
    from backend.services.callbacks import tick_off

    with opened_store(present_settings()) as db:
        try:
            db.write_now(lambda uow: tick_off(uow, shell_actor(), code, note))
        except NotFound:
            raise CommandError(f"{code}: there is no such call-back") from None
        except InvalidInput:
            raise CommandError(f"{code}: it was closed before") from None
    print(f"{code} done")
