"""Invented people: common names put together by chance, and numbers that nobody is known to have."""

from __future__ import annotations

from random import Random

from backend.domain.dossier import Applicant

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Lý")
_MIDDLE = ("Văn", "Thị", "Minh", "Ngọc", "Thanh", "Hữu", "Quang", "Thu", "Đức", "Hoài", "Xuân", "Gia", "Kim")
_GIVEN = (
    *("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hạnh", "Hiếu", "Hòa", "Hương", "Khánh", "Lan", "Linh"),
    *(
        "Long",
        "Mai",
        "Nam",
        "Nga",
        "Phong",
        "Phúc",
        "Quân",
        "Sơn",
        "Tâm",
        "Thảo",
        "Trang",
        "Tú",
        "Vinh",
        "Yến",
    ),
)


def invented_people(count: int, random: Random) -> list[Applicant]:
    return [
        Applicant(
            f"{random.choice(_FAMILY)} {random.choice(_MIDDLE)} {random.choice(_GIVEN)}",
            f"09{random.randrange(10**8):08d}",
        )
        for _ in range(count)
    ]
