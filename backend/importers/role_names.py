"""What offices call the roles of officers in their lists."""

from __future__ import annotations

from backend.domain.scope import ROLES
from backend.text.fold import fold

#: A bare "Chủ tịch" is none of them: of a commune or of the province is not for us to guess.
ROLE_NAMES = {
    "chu tich ubnd tinh": "chairman", "chu tich tinh": "chairman",
    "pho chu tich ubnd tinh": "vice_chairman", "pho chu tich tinh": "vice_chairman",
    "lanh dao van phong": "office_leader", "chanh van phong": "office_leader",
    "lanh dao van phong ubnd tinh": "office_leader",
    "lanh dao co quan": "agency_head", "thu truong co quan": "agency_head", "lanh dao don vi": "agency_head",
    "chuyen vien theo doi": "specialist", "chuyen vien van phong": "specialist",
    "can bo": "officer", "cong chuc": "officer", "can bo xu ly": "officer",
    "van thu": "clerk", "mot cua": "one_stop", "bo phan mot cua": "one_stop", "can bo mot cua": "one_stop",
    "can bo xa": "commune_officer", "can bo cap xa": "commune_officer", "cong chuc xa": "commune_officer",
    "tong dai": "operator", "tong dai vien": "operator", "tiep cong dan": "reception",
    "can bo tiep cong dan": "reception", "thanh tra": "inspector", "nguoi doc to cao": "inspector",
    "quan tri": "administrator", "quan tri vien": "administrator", **{fold(one): one for one in ROLES},
}  # fmt: skip
#: Shown to whoever wrote something else.
EXAMPLES = ("Cán bộ", "Lãnh đạo cơ quan", "Văn thư", "Bộ phận Một cửa", "Chuyên viên theo dõi", "Cán bộ xã")
