"""The columns of the reception desk's register, and the words that offices write in them."""

from __future__ import annotations

from backend.domain.petition import PetitionKind, PetitionSource
from backend.domain.petition_paper import ForwarderKind
from backend.importers.office_table import Columns

COLUMNS: Columns = {
    "number": (("Số đơn", "Số đến", "Số thứ tự"), "123"),
    "book": (("Sổ", "Sổ theo dõi"), ""),
    "received": (("Ngày nhận", "Ngày đến"), "20/11/2026"),
    "kind": (("Loại đơn",), "Kiến nghị"),
    "way": (("Cách gửi", "Hình thức gửi", "Nguồn đơn"), "Bưu chính"),
    "text": (("Nội dung", "Nội dung đơn", "Tóm tắt nội dung"), "Đề nghị sửa đường liên thôn"),
    "place": (("Nơi xảy ra", "Địa điểm"), "thôn 3"),
    "commune": (("Xã, phường", "Xã/phường"), ""),
    "about": (("Đơn về cơ quan", "Cơ quan bị phản ánh"), ""),
    "name": (("Họ tên", "Người gửi"), "Nguyễn Văn A"),
    "phone": (("Điện thoại", "Số điện thoại"), "0912 345 678"),
    "hidden": (("Giấu tên",), ""),
    "unsigned": (("Không ký",), ""),
    "remote": (("Vùng sâu, xa",), ""),
    "people": (("Số người",), "1"),
    "speaker": (("Người đại diện",), ""),
    "speaker_phone": (("Điện thoại người đại diện",), ""),
    "sender": (("Nơi chuyển đến", "Cơ quan chuyển"), ""),
    "sender_kind": (("Loại nơi chuyển",), ""),
    "sender_number": (("Số văn bản chuyển", "Mã trên Cổng"), ""),
    "sender_dated": (("Ngày văn bản chuyển",), ""),
    "outcome": (("Hướng xử lý", "Kết quả xử lý"), ""),
    "body": (("Cơ quan thẩm quyền", "Cơ quan giải quyết"), ""),
    "document": (("Số văn bản xử lý", "Số văn bản"), ""),
    "reason": (("Lý do",), ""),
    "answer": (("Nội dung trả lời",), ""),
}
KINDS = {
    "phan anh": PetitionKind.FEEDBACK, "kien nghi": PetitionKind.PROPOSAL, "khieu nai": PetitionKind.COMPLAINT,
    "to cao": PetitionKind.DENUNCIATION,
}  # fmt: skip
WAYS = {
    "buu chinh": PetitionSource.LETTER, "don thu": PetitionSource.LETTER, "van thu": PetitionSource.LETTER,
    "truc tiep": PetitionSource.VISIT, "doan dong nguoi": PetitionSource.DELEGATION,
    "noi khac chuyen den": PetitionSource.FORWARDED, "co quan chuyen den": PetitionSource.FORWARDED,
    "chuyen den": PetitionSource.FORWARDED, "dien thoai": PetitionSource.HOTLINE,
    "cong dich vu cong quoc gia": PetitionSource.PORTAL, "cong dich vu cong": PetitionSource.PORTAL,
}  # fmt: skip
SENDERS = {
    "bao chi": ForwarderKind.PRESS, "co quan": ForwarderKind.AGENCY, "dai bieu": ForwarderKind.DEPUTY,
    "cap tren": ForwarderKind.SUPERIOR, "cong dich vu cong": ForwarderKind.PORTAL, "khac": ForwarderKind.OTHER,
}  # fmt: skip
OUTCOMES = {
    "giao giai quyet": "assign", "giao xu ly": "assign", "huong dan": "guide", "chuyen": "forward",
    "chuyen don": "forward", "tra don": "send_back", "luu": "file_away", "luu don": "file_away",
    "khong thu ly": "decline",
}  # fmt: skip
