"""``admin petitions link | report-back | to-report | explain | dispose``: the paper side of what was entered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.clock import VIETNAM
from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.petition import Petition, PetitionKind
from backend.domain.petition_paper import ForwarderKind, Origin, Outcome
from bot.cli.admin_petition_entry import read_origin
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

if TYPE_CHECKING:
    from backend.db.unit_of_work import SqlUnitOfWork


def add_paper_commands(petitions: typer.Typer) -> None:
    petitions.command("link")(link)
    petitions.command("report-back")(report_back)
    petitions.command("to-report")(to_report)
    petitions.command("explain")(explain)
    petitions.command("dispose")(dispose)


def link(
    code: str,
    sent_by: Annotated[str, typer.Option("--from", help="who sent this copy")],
    number: Annotated[str, typer.Option(help="the number that they gave it")],
    forwarder: Annotated[str, typer.Option(help=f"one of {', '.join(ForwarderKind)}")] = "",
    dated: Annotated[str, typer.Option(help="date of their document: 2026-11-20")] = "",
) -> None:
    """Another copy of the same petition came by another way: it is counted once, and who sent it hears of it too."""
    from backend.services.petitions.entering import link as link_copy

    origin = read_origin(None, forwarder, sent_by, number, dated)
    if origin is None:
        raise CommandError("--from and --number are needed")
    with opened_store(present_settings()) as db:
        try:
            linked = db.write_now(lambda uow: link_copy(uow, shell_actor(), code.strip().upper(), origin))
        except NotFound:
            raise CommandError(f"{code}: there is no such petition") from None
        except Conflict:
            raise CommandError(f"{number}: the number is another petition's") from None
        except InvalidInput as error:
            raise CommandError(f"{error.values.get('reason', error)}") from None
    print(f"{linked.code}  {linked.state}")


def report_back(
    code: str, document: Annotated[str, typer.Option(help="number of the document that told them")]
) -> None:
    """Who forwarded it to us was told what became of it."""
    from backend.services.petitions.entering import report_back as told

    with opened_store(present_settings()) as db:
        try:
            count = db.write_now(lambda uow: told(uow, shell_actor(), code.strip().upper(), document))
        except NotFound:
            raise CommandError(f"{code}: there is no such petition") from None
        except InvalidInput as error:
            raise CommandError(f"{error.values.get('reason', error)}") from None
    if not count:
        raise CommandError(f"{code}: nobody waits for a report")
    print(f"{count} told")


def to_report(limit: Annotated[int, typer.Option(min=1, max=1000)] = 50) -> None:
    """Who forwarded a petition to us and still has to hear of it, the most urgent first."""
    with opened_store(present_settings()) as db:
        for code, one in db.read_now(lambda uow: uow.petition_papers.to_report(limit)):
            print(f"{code}  by {_day(one.report_by)}  {one.kind:<9} {one.place}  {one.number}")


def explain(code: str) -> None:
    """The words for a letter to somebody who skipped a level: why, and where to go."""
    from bot.app import ROOT
    from bot.replies.renderer import Replies

    with opened_store(present_settings()) as db:
        settings = present_settings()
        petition = db.read_now(lambda uow: uow.petitions.by_code(code.strip().upper()))
        paper = db.read_now(lambda uow: uow.petition_papers.of(petition.id)) if petition else None
    if petition is None or paper is None:
        raise CommandError(f"{code}: there is no such petition")
    if not paper.skips_level:
        raise CommandError(f"{code}: not marked as skipping a level (move guide or forward --skips-level)")
    values = {"code": petition.code, "body": paper.body}
    replies = Replies(ROOT / "bot" / "replies")
    print(replies.render("petition/skips_level", values, "vi", office=settings.office_name))


def dispose(
    number: int,
    outcome: Annotated[str, typer.Argument(help=f"one of {', '.join(Outcome)}")],
    reader: Annotated[str, typer.Option(help="account of the named reader")],
    reason: Annotated[str, typer.Option(help="kept sealed")],
    document: Annotated[str, typer.Option(help="number of the notice, where the law wants one")] = "",
) -> None:
    """How a sealed denunciation was disposed of; by somebody named for the sealed lane, and audited."""
    from backend.services.petitions.entering import close_sealed

    try:
        chosen = Outcome(outcome)
    except ValueError:
        raise CommandError(f"{outcome}: expected one of {', '.join(Outcome)}") from None
    with opened_store(present_settings()) as db:
        try:
            done = db.write_now(lambda uow: close_sealed(uow, number, reader, chosen, document, reason))
        except Conflict:
            raise CommandError(f"{number}: disposed of before") from None
        except InvalidInput as error:
            raise CommandError(f"{error.values.get('reason', error)}") from None
    if not done:
        raise CommandError(f"{number}: no such report, or {reader} is not named for it; this was recorded")
    print(f"{number}  {chosen}")


def sealed_lines(uow: SqlUnitOfWork) -> list[str]:
    """Numbers, instants, who read it, how it was disposed of, or by when it must be checked; no words."""
    from backend.services.petitions.deadlines import due

    closed = uow.petition_papers.sealed_outcomes()
    lines = []
    for number, at, read_by in uow.petitions.sealed():
        seen = f"read by {read_by}" if read_by else "unread"
        done = closed.get(number)
        if done is not None:
            then = f"{done.outcome} {done.document}".strip()
        else:
            then = f"check by {_day(due(uow, PetitionKind.DENUNCIATION, 'accept', at, at))}"
        lines.append(f"{number:>6}  {at.astimezone(VIETNAM):%Y-%m-%d %H:%M}  {seen}  {then}")
    return lines


def shown_paper(uow: SqlUnitOfWork, petition: Petition) -> list[str]:
    """What stands beside the petition: its suggestion, its paper, its numbers, those merged into it. No person."""
    return [
        *_suggestion(uow, petition),
        *_paper(uow, petition),
        *(_origin(one) for one in uow.petition_papers.origins(petition.id)),
        *_merged(uow, petition),
    ]


def _suggestion(uow: SqlUnitOfWork, petition: Petition) -> Iterator[str]:
    found = uow.petition_fields.suggested(petition.id)
    if found is None:
        return
    agency = uow.agencies.get(found.agency_id).name if found.agency_id else "-"
    field = uow.petition_fields.get(found.field) if found.field else None
    guessed = f"{field.code} ({field.name})" if field else f"không rõ (gần nhất {found.second})"
    sure = f"{found.confidence:.0%}"
    settled = f"  decided {found.decided_field}" if found.decided_field else ""
    yield f"suggested {guessed}  {sure}  agency {agency}  model {found.model}{settled}"


def _paper(uow: SqlUnitOfWork, petition: Petition) -> Iterator[str]:
    paper = uow.petition_papers.of(petition.id)
    if petition.field_name:
        yield f"field {petition.field_name}"
    if paper.people > 1:
        yield f"people {paper.people}"
    if not paper.signed:
        yield "unsigned"
    if paper.body or paper.document:
        skips = "  skips a level" if paper.skips_level else ""
        yield f"body {paper.body or '-'}  document {paper.document or '-'}{skips}"
    if paper.answer_number:
        yield f"answered elsewhere by {paper.answer_number}"
    if paper.accepted_at:
        marks = [name for name, on in (("complex", paper.complex_case), ("remote", paper.remote)) if on]
        yield f"accepted {_day(paper.accepted_at)} {' '.join(marks)}".rstrip()


def _merged(uow: SqlUnitOfWork, petition: Petition) -> Iterator[str]:
    for one in uow.petitions.all_merged_in(petition.id):
        yield f"merged {one.code}  {'told here' if one.conversation_id else 'to be told by letter or telephone'}"


def _origin(one: Origin) -> str:
    report = f"  report by {_day(one.report_by)}" if one.report_by and not one.reported else ""
    told = f"  told by {one.reported}" if one.reported else ""
    return f"from {one.kind} {one.place or '-'}  no. {one.number or '-'}  {one.dated or ''}{report}{told}".rstrip()


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%Y-%m-%d}" if moment else "-"
