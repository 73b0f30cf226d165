"""Which leaders a sentence means: "chủ tịch", "pct Hùng", "giám đốc Sở Xây dựng", "anh Dũng"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.leader import Leader
from backend.text.fold import words

#: More than so many is no answer but a question back.
MOST_MEANT = 6
_SHORT = {
    "ct": ("chu", "tich"), "pct": ("pho", "chu", "tich"), "cvp": ("chanh", "van", "phong"),
    "pcvp": ("pho", "chanh", "van", "phong"), "vp": ("van", "phong"), "gd": ("giam", "doc"),
    "pgd": ("pho", "giam", "doc"), "bt": ("bi", "thu"), "pbt": ("pho", "bi", "thu"), "ub": ("ubnd",),
    "p": ("pho",), "sxd": ("so", "xay", "dung"), "cttinh": ("chu", "tich", "tinh"), "tt": ("thuong", "truc"),
}  # fmt: skip
_POLITE = frozenset(
    {"anh", "chi", "ong", "ba", "dong", "dc", "bac", "chu", "co", "em", "cac", "nhung", "hai", "sep"}
)
#: Words for leaders in general.
_ANY = frozenset(
    {"lanh", "dao", "sep", "thu", "truong", "thuong", "truc", "cac", "dong", "chi", "ubnd", "uy", "ban"}
)
_LEVELS = frozenset(
    {"tinh", "xa", "phuong", "so", "van", "phong", "huyen", "ubnd", "uy", "ban", "nhan", "dan"}
)


@dataclass(frozen=True, slots=True)
class Meant:
    """``named`` False: nobody in particular. Named, but without leaders: nobody here is called so."""

    leaders: tuple[Leader, ...] = ()
    named: bool = False

    @property
    def too_many(self) -> bool:
        return self.named and len(self.leaders) > MOST_MEANT


def who_is_meant(known: Sequence[Leader], said: Sequence[str], agency: int | None, home: int | None) -> Meant:
    """``agency``: the one that the sentence names; ``home``: the asker's own. Both narrow what a bare title means."""
    found: dict[int, Leader] = {}
    named = False
    for one in said:
        wanted = _spelled(one)
        if not wanted or set(wanted) <= _ANY | {"tinh"}:
            if "tinh" in wanted:
                named = True
                found |= {leader.id: leader for leader in known if leader.top}
            continue
        named = True
        fitting = [leader for leader in known if _fits(wanted, leader)]
        found |= {leader.id: leader for leader in _nearest(fitting, wanted, agency, home)}
    return Meant(tuple(found.values()), named)


def _spelled(said: str) -> list[str]:
    """Folded words with short forms written out, without the words of politeness in front."""
    out: list[str] = []
    for one in words(said):
        out += _SHORT.get(one, (one,))
    while len(out) > 1 and out[0] in _POLITE and not (out[0] == "chu" and out[1] == "tich"):
        out = out[2:] if out[:2] == ["dong", "chi"] and len(out) > 2 else out[1:]
    return out


def _fits(wanted: Sequence[str], leader: Leader) -> bool:
    """The beginning of the title, then parts of the title, the name or the agency; or the end of the name alone."""
    title = _spelled(leader.title)
    name = words(leader.name)
    same = 0
    while same < min(len(wanted), len(title)) and wanted[same] == title[same]:
        same += 1
    if same == 0:
        return name[-len(wanted) :] == list(wanted)
    if same < 2 and len(wanted) > 1:
        return False
    rest = wanted[same:]
    return set(rest) <= {*title, *name, *words(leader.agency_name), *_LEVELS} and _in_order(rest, name)


def _in_order(rest: Sequence[str], name: Sequence[str]) -> bool:
    """Of a name, the last word must be said: nobody is called by the middle of it."""
    of_name = [one for one in rest if one in name and one not in _LEVELS]
    return not of_name or of_name[-1] == name[-1]


def _nearest(
    fitting: Sequence[Leader], wanted: Sequence[str], agency: int | None, home: int | None
) -> Sequence[Leader]:
    """Of several with one title: those of the agency that is named; the province's; those of one's own."""
    if agency is not None:
        return [one for one in fitting if one.agency_id == agency]
    if not {"xa", "phuong", "so"} & set(wanted) and (top := [one for one in fitting if one.top]):
        return top
    own = [one for one in fitting if home is not None and one.agency_id == home]
    return own or fitting
