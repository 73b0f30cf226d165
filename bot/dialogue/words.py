"""Whole messages that are commands while a form is open, like the buttons beside them; folded."""

from __future__ import annotations

LEAVE = frozenset(
    {"huy", "huy bo", "huy di", "thoi", "thoi huy", "thoi khoi", "thoat", "dung lai", "cancel"}
    | {"khong lam nua", "khong can nua", "de sau", "stop", "quit", "never mind", "forget it"}
)
BACK = frozenset({"quay lai", "lui lai", "tro lai", "back", "go back"})
SKIP = frozenset({"bo qua", "khong co", "khong", "ko", "k", "chua co", "khong can", "skip", "none"})
YES = frozenset(
    {"dong y", "xac nhan", "dung", "dung roi", "co", "ok", "oke", "u", "uh", "vang", "da", "phai"}
    | {"yes", "yep", "yeah", "sure", "confirm", "correct", "right"}
)
EDIT = frozenset({"sua", "sua lai", "chinh sua", "sua di", "thay doi", "edit", "change"})
NO = frozenset({"khong", "ko", "k", "khong dung", "sai", "sai roi", "chua dung", "no", "nope", "wrong"})
