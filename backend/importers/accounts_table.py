"""Officers from a CSV or XLSX list; the columns are those of the template (``docs/import.md``).

Never a password or a code: those are given in person. Who is missing from the list stays; what a cell leaves empty
stays, too, and ``-`` empties it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

from backend.domain.errors import InvalidInput, NotFound
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.importers.base import Parsed
from backend.importers.desk_rows import DeskWriter, Done, RowRefused, settled
from backend.importers.desk_table import DeskTable
from backend.importers.office_table import Columns, OfficeRow, names_in
from backend.importers.role_names import EXAMPLES, ROLE_NAMES
from backend.services.accounts.officers import take_over
from backend.text.fold import fold

ACTOR = "import:accounts"
COLUMNS: Columns = {
    "name": (("Tên đăng nhập", "Tài khoản"), "binh"),
    "full_name": (("Họ tên", "Họ và tên"), "Trần Văn Bình"),
    "title": (("Chức vụ", "Chức danh"), "Chuyên viên"),
    "agency": (("Cơ quan", "Đơn vị", "Cơ quan công tác"), "Sở Xây dựng"),
    "roles": (("Vai trò",), "Cán bộ"),
    "fields": (("Lĩnh vực theo dõi", "Lĩnh vực"), ""),
    "block": (("Cơ quan theo dõi", "Đơn vị theo dõi"), ""),
    "active": (("Trạng thái", "Tình trạng"), "Đang làm việc"),
}
_STATES = {
    "dang lam viec": True,
    "hoat dong": True,
    "mo": True,
    "khoa": False,
    "nghi": False,
    "da nghi": False,
}
_NOTHING = frozenset({"-", "–", "—"})
_COLUMN_OF = {"agency_id": "agency"}


@dataclass(frozen=True, slots=True)
class Row:
    """None is what the list does not tell; agencies by name."""

    name: str
    full_name: str
    roles: frozenset[str]
    title: str | None
    agency: str | None
    fields: tuple[str, ...] | None
    block: tuple[str, ...] | None
    active: bool | None


def read_row(row: OfficeRow) -> Parsed[Row]:
    roles = set()
    for said in names_in(row.text("roles", 400, required=True).replace(",", ";")):
        if (role := ROLE_NAMES.get(fold(said))) is None:
            row.refuse("roles", f"“{said}” không phải vai trò; hãy ghi như: {', '.join(EXAMPLES)}")
        else:
            roles.add(role)
    told = Row(
        name=row.text("name", 61, required=True),
        full_name=row.text("full_name", 200, required=True),
        roles=frozenset(roles),
        title=_told(row.text("title", 200)),
        agency=_told(row.text("agency", 300)),
        fields=_names(row.text("fields", 1000)),
        block=_names(row.text("block", 2000)),
        active=row.choice("active", _STATES, None),
    )
    return settled(row, told)


def _told(text: str) -> str | None:
    return None if not text else "" if text in _NOTHING else text


def _names(text: str) -> tuple[str, ...] | None:
    told = _told(text)
    return None if told is None else names_in(told)


class _Writer(DeskWriter[Row]):
    def key(self, uow: UnitOfWork, row: Row) -> tuple[str, Hashable]:
        return "name", row.name

    def put(self, uow: UnitOfWork, row: Row) -> Done:
        known = uow.accounts.by_name(row.name)
        wanted = replace(
            known or Account(row.name, row.full_name, row.roles), full_name=row.full_name, roles=row.roles
        )
        if row.title is not None:
            wanted = replace(wanted, title=row.title)
        if row.agency is not None:
            wanted = replace(wanted, agency_id=self.agency(uow, row.agency).id if row.agency else None)
        if row.fields is not None:
            wanted = replace(wanted, fields=row.fields)
        if row.block is not None:
            wanted = replace(wanted, block=tuple(self.agency(uow, one, "block").code for one in row.block))
        if row.active is not None:
            wanted = replace(wanted, active=row.active)
        try:
            return take_over(uow, ACTOR, wanted)
        except InvalidInput as error:
            column = str(error.values["about"])
            raise RowRefused(_COLUMN_OF.get(column, column), str(error.values["reason"])) from None
        except NotFound:  # followed before, and gone from the list of agencies since
            raise RowRefused("block", "cơ quan theo dõi không còn trong danh mục") from None


ACCOUNTS = DeskTable("accounts", "Cán bộ", COLUMNS, (), read_row, _Writer)
