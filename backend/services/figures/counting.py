"""The figures of a topic in a period: counted from rows within the scope, entered totals put beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from backend.domain.agency import Agency
from backend.domain.clock import VIETNAM, local_date
from backend.domain.errors import InvalidInput
from backend.domain.figure import Figure, FigureSet, Line, Origin, Period
from backend.domain.figure_records import OutOfReach, Slice
from backend.domain.on_time import Verdict, verdict
from backend.domain.ports import UnitOfWork
from backend.domain.procedure import TimeUnit
from backend.domain.scope import Scope
from backend.services.agencies.tree import tree
from backend.services.figures.definitions import TOPICS, Definition, Topic
from backend.services.figures.entered import EnteredTotals

#: The scope's words where nothing narrows it.
WHOLE = "toàn tỉnh"
NO_AGENCY = "Chưa rõ cơ quan"
#: Topics whose rows other systems send.
_FED = frozenset({"dossiers", "on_time"})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a question narrows the scope to; ``giver`` is of tasks."""

    agency: Agency | None = None
    field: str = ""
    giver: str = ""

    @property
    def plain(self) -> bool:
        return not (self.field or self.giver)


def figures(
    uow: UnitOfWork,
    scope: Scope,
    topic: str,
    period: Period,
    agency: Agency | None = None,
    *,
    narrowed: Narrowed | None = None,
    by_agency: bool = False,
) -> FigureSet:
    """All figures of the topic, as far as the scope goes.

    Raises:
        InvalidInput: no such topic, or no scope.
        OutOfReach: the agency is outside the scope.
    """
    asked = narrowed or Narrowed(agency)
    known = TOPICS.get(topic)
    if known is None:
        raise InvalidInput(f"{topic}: no such topic", reason=f"không có số liệu tên {topic}")
    if scope.empty:
        raise OutOfReach(agency="", named=())
    by_agency_only = bool(scope.fields) and not (scope.agencies or scope.everything) and not known.by_field
    secret = (
        by_agency_only or not (known.by_agency or scope.everything) or (asked.agency and not known.by_agency)
    )
    if secret and not known.public:
        return _nothing(uow, known, period, scope, asked)
    part = slice_of(uow, scope, known, period, asked)
    counted = _counted(uow, topic, part)
    totals = EnteredTotals(uow, scope, period, topic, asked.agency) if asked.plain else None
    made = _figures(known, counted, totals, _source(uow, topic))
    lines = _lines(uow, known, part) if by_agency and known.by_agency else ()
    return FigureSet(topic, period, made, uow.now, scope_words(scope, asked, known), lines)


def slice_of(uow: UnitOfWork, scope: Scope, topic: Topic, period: Period, asked: Narrowed) -> Slice:
    """Raises OutOfReach."""
    end = datetime.combine(period.last + timedelta(days=1), time(), VIETNAM)
    return Slice(
        scope=Scope(everything=True) if topic.public else scope,
        first=period.first,
        last=period.last,
        as_of=max(period.first, min(period.last, uow.today)),
        at=min(end, uow.now),
        agencies=_agencies(uow, scope, asked.agency),
        field=asked.field,
        giver=asked.giver,
    )


def _agencies(uow: UnitOfWork, scope: Scope, agency: Agency | None) -> frozenset[int] | None:
    """Ids that the question narrows to; None where it names the whole province."""
    if agency is None or (agency.parent_code is None and agency.kind == "province" and scope.everything):
        return None
    ids = tree(uow).with_those_under(agency.code) or frozenset({agency.id})
    seen = ids if scope.everything else ids & scope.agencies
    if not seen and not scope.fields:
        raise OutOfReach(agency=agency.name, named=scope.named)
    return seen or ids


def scope_words(scope: Scope, asked: Narrowed, topic: Topic) -> str:
    if asked.agency is not None and asked.agency.parent_code is not None:
        words = [asked.agency.name]
    elif scope.everything or topic.public:
        words = [WHOLE]
    else:
        words = [", ".join(scope.named)]
    return "; ".join([*words, *([f"lĩnh vực {asked.field}"] if asked.field else [])])


def _nothing(uow: UnitOfWork, topic: Topic, period: Period, scope: Scope, asked: Narrowed) -> FigureSet:
    """Rows that name no agency are nobody's but the province's: the others are told that nothing is known."""
    unknown = tuple(Figure(one.key, None, one.unit) for one in topic.figures)
    return FigureSet(topic.key, period, unknown, uow.now, scope_words(scope, asked, topic))


# --- counting ------------------------------------------------------------------------------------------------


def _counted(uow: UnitOfWork, topic: str, part: Slice) -> Mapping[str, int]:
    _names, spoke = _source(uow, topic)
    if local_date(spoke) < part.first:
        return {}  # the feed does not speak of these days yet
    found = dict(uow.figures.totals(topic, part))
    if not any(found.values()) and not _kept(uow, topic, part):
        return {}
    if topic == "on_time" and found:
        singly = _judged(uow, part)
        found = _with_verdicts(found, Counter(one for _agency, one in singly))
    return derived(topic, found)


def _kept(uow: UnitOfWork, topic: str, part: Slice) -> bool:
    """Whether rows of those days could be here at all: nothing counted is no 0 before the first row."""
    oldest = uow.figures.oldest_day(topic)
    return oldest is not None and oldest <= part.last


def derived(topic: str, found: Mapping[str, int]) -> Mapping[str, int]:
    """With the figures that follow from the counted ones."""
    if not found:
        return found
    if topic == "dossiers":
        return {
            **found,
            "on_time": found["returned"] - found["early"] - found["late"],
            "in_time": found["returned"] - found["late"],
            "due_late": found["due"] - found["due_in_time"],
            "unfinished_in_time": found["unfinished"] - found["overdue"],
        }
    if topic == "on_time":
        return {**found, "in_time": found["judged"] - found["late"], "unknown": found.get("unknown", 0)}
    return found


def _with_verdicts(found: Mapping[str, int], told: Mapping[Verdict, int]) -> dict[str, int]:
    late, in_time = told.get(Verdict.LATE, 0), told.get(Verdict.IN_TIME, 0)
    return {
        "judged": found.get("judged", 0) + late + in_time,
        "late": found.get("late", 0) + late,
        "unknown": told.get(Verdict.UNKNOWN, 0),
    }


def _judged(uow: UnitOfWork, part: Slice) -> Sequence[tuple[int | None, Verdict]]:
    """The dossiers that the national rule looks at one by one."""
    last_day = datetime.combine(part.as_of, time(), VIETNAM)
    allowed: dict[tuple[str, date | None], timedelta | None] = {}
    verdicts = []
    for agency_id, code, version, course in uow.figures.courses(part):
        if course.due_at is None:
            if (code, version) not in allowed:
                allowed[code, version] = _longest(uow, code, version or part.as_of)
            course = replace(course, allowed=allowed[code, version])
        verdicts.append((agency_id, verdict(course, last_day)))
    return verdicts


def _longest(uow: UnitOfWork, code: str, on: date) -> timedelta | None:
    """The procedure's longest time, working days as calendar time (7 for 5); None where it names none."""
    known = uow.procedures.by_code(code, on) if code else None
    days = {TimeUnit.WORKING_DAY: 7 / 5, TimeUnit.DAY: 1.0, TimeUnit.MONTH: 30.0}
    times = [way.time for way in known.channels if way.time is not None] if known else []
    lengths = [float(one.amount) * days[one.unit] for one in times if one.unit in days]
    return timedelta(days=max(lengths)) if lengths else None


def _figures(
    topic: Topic, counted: Mapping[str, int], totals: EnteredTotals | None, source: tuple[str, datetime]
) -> tuple[Figure, ...]:
    made: dict[str, Figure] = {}
    for one in topic.figures:
        value = counted.get(one.key.partition("/")[2]) if one.counted else None
        name, spoke = source if value is not None else ("", None)
        plain = Figure(one.key, value, one.unit, source=name, as_of=spoke)
        made[one.key] = plain if totals is None else totals.beside(one, plain)
    return tuple(_of(one, made) for one in topic.figures)


def _of(one: Definition, made: Mapping[str, Figure]) -> Figure:
    """With its denominator, which an entered total may bring along."""
    figure = made[one.key]
    whole = made.get(one.of)
    if figure.of is not None or whole is None or figure.value is None or not whole.value:
        return figure
    if figure.period is not None and whole.period != figure.period:
        return figure  # of other days: no share of one another
    # An entered total that the rows do not add up to is no denominator for what is counted from those rows.
    counted = whole.values.get("counted") if figure.origin is Origin.ROWS else None
    return replace(figure, of=counted if isinstance(counted, int) else whole.value)


def _source(uow: UnitOfWork, topic: str) -> tuple[str, datetime]:
    """The feeds that dossiers come from and when the newest of them spoke; other topics are this system's own."""
    feeds = [one for one in uow.sources.all() if one.as_of is not None] if topic in _FED else []
    spoke = max((one.as_of for one in feeds if one.as_of is not None), default=uow.now)
    return ", ".join(sorted({one.name for one in feeds})[:3]), spoke


def _lines(uow: UnitOfWork, topic: Topic, part: Slice) -> tuple[Line, ...]:
    """A line for each agency with rows, the largest first; rows of no known agency last."""
    found = {one: dict(told) for one, told in uow.figures.by_agency(topic.key, part).items()}
    if topic.key == "on_time":
        for agency_id, one in _judged(uow, part):
            own = found.setdefault(agency_id, {"judged": 0, "late": 0})
            own["judged"] = own.get("judged", 0) + (one is not Verdict.UNKNOWN)
            own["late"] = own.get("late", 0) + (one is Verdict.LATE)
            own["unknown"] = own.get("unknown", 0) + (one is Verdict.UNKNOWN)
    names = _names(uow, [one for one in found if one is not None])
    main = topic.main.partition("/")[2]
    lines = []
    for agency_id, told in found.items():
        whole = derived(topic.key, _padded(topic.key, told))
        if not any(whole.values()):
            continue
        code, name = names.get(agency_id or 0, ("", NO_AGENCY))
        made = _figures(topic, whole, None, ("", uow.now))
        lines.append(
            (
                agency_id is None,
                -int(whole.get(main, 0)),
                name,
                Line(name, made, f"agency:{code}" if code else ""),
            )
        )
    return tuple(line for *_order, line in sorted(lines, key=lambda one: one[:3]))


def _padded(topic: str, told: Mapping[str, int]) -> dict[str, int]:
    names = (one.key.partition("/")[2] for one in TOPICS[topic].figures if one.counted)
    return {name: told.get(name, 0) for name in names}


def _names(uow: UnitOfWork, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    known = tree(uow).by_id
    gone = [uow.agencies.get(one) for one in ids if one not in known]
    return {one.id: (one.code, one.name) for one in [*(known[i] for i in ids if i in known), *gone]}
