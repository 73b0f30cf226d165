"""The demonstration catalogue holds complete records, not names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from backend.domain.procedure import FeeRule, Procedure
from backend.domain.procedure_record import read_record, write_record

#: What the office's own subjects are; each has procedures.
_SUBJECTS = (
    "hộ tịch", "chứng thực", "cư trú", "đất đai", "xây dựng", "hộ kinh doanh", "doanh nghiệp", "nông|thú y|thủy sản",
    "môi trường", "đường bộ|giao thông|vận tải", "tư pháp|pháp lý|luật sư", "thuế|tài chính|bảo hiểm|giá",
)  # fmt: skip


def test_there_are_many_and_each_code_once(shipped: Sequence[Procedure]) -> None:
    codes = Counter(one.code for one in shipped)
    assert len(codes) >= 150
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_subject_of_the_office_is_there(shipped: Sequence[Procedure]) -> None:
    fields = "\n".join(f"{one.field} {one.title}".lower() for one in shipped)
    assert [subject for subject in _SUBJECTS if not re.search(subject, fields)] == []


def test_every_record_is_complete(shipped: Sequence[Procedure]) -> None:
    lacking = {
        one.code: missing
        for one in shipped
        if (
            missing := [
                name
                for name in (
                    "title", "field", "levels", "agency", "audience", "decision", "source_url", "channels", "papers",
                    "steps", "results", "legal_basis", "common_names",
                )
                if not getattr(one, name)
            ]
        )
    }  # fmt: skip
    assert lacking == {}


def test_papers_are_named_and_steps_say_something(shipped: Sequence[Procedure]) -> None:
    for one in shipped:
        assert all(case.items for case in one.papers), one.code
        assert len(one.steps) >= 2, one.code
        assert all(len(step) > 10 for step in one.steps), one.code


def test_a_time_is_given_or_its_absence_explained(shipped: Sequence[Procedure]) -> None:
    """Where the publication gives no number, the reader is told why; most have one."""
    silent = [one.code for one in shipped if all(c.time is None and not c.time_note for c in one.channels)]
    assert len(silent) <= len(shipped) * 0.1


def test_fixed_fees_have_amounts_and_free_ones_have_none(shipped: Sequence[Procedure]) -> None:
    for one in shipped:
        for channel in one.channels:
            if channel.fee_rule is FeeRule.FIXED:
                assert channel.fees, one.code
                assert all(fee.vnd > 0 for fee in channel.fees), one.code
            if channel.fee_rule is FeeRule.FREE:
                assert not channel.fees, one.code


def test_no_record_sends_people_to_a_district(shipped: Sequence[Procedure]) -> None:
    sent = [one.code for one in shipped if re.search(r"\bhuyện\b", str(write_record(one)).lower())]
    assert sent == []


def test_related_codes_are_not_the_procedure_itself(shipped: Sequence[Procedure]) -> None:
    assert [one.code for one in shipped if one.code in one.related] == []


def test_a_record_survives_being_written_and_read(shipped: Sequence[Procedure]) -> None:
    for one in shipped[::20]:
        again = read_record(write_record(one), source=one.source, as_of=one.as_of, demo=one.demo)
        assert again == one
