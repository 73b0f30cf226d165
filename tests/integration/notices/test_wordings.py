"""Officers' own wordings: checked before they are taken, kept with their history, given back at will."""

from __future__ import annotations

import pytest

from bot.wordings import apply
from tests.integration.notices.conftest import Post

KEY = "notices/dossier_ready"


def write(post: Post, text: str, key: str = KEY) -> None:
    post.db.write_now(lambda uow: uow.wordings.add("vi", key, text, "account:vp", uow.now))


def use(post: Post) -> int:
    return apply(post.desk.replies, list(post.db.read_now(lambda uow: uow.wordings.present())))


def test_the_newest_counts_and_an_empty_one_gives_it_back(post: Post) -> None:
    before = post.desk.replies.sources["vi"][KEY]
    write(post, "Mời nhận {{ code }} lần một")
    write(post, "Mời nhận {{ code }} lần hai")
    assert use(post) == 1
    assert post.desk.replies.render(KEY, {"code": "X"}) == "Mời nhận X lần hai"
    write(post, "")
    assert use(post) == 0
    assert post.desk.replies.sources["vi"][KEY] == before
    post.notice(post.person("a"))
    post.round()
    assert "Mang theo giấy hẹn" in post.out()[0][2]
    versions = post.db.read_now(lambda uow: uow.wordings.history("vi", KEY))
    assert [one.template for one in versions] == [
        "",
        "Mời nhận {{ code }} lần hai",
        "Mời nhận {{ code }} lần một",
    ]


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("notices/nothing", "x", "không có câu nào"),
        (KEY, "{% if code %}", "sai cú pháp"),
        (KEY, "{{ password }}", "password"),
        (KEY, "{{ code|shout }}", "sai cú pháp"),
    ],
)
def test_what_cannot_stand_is_named(post: Post, key: str, text: str, said: str) -> None:
    assert said in post.desk.replies.fault("vi", key, text)


def test_a_wording_that_no_longer_fits_is_left_out(post: Post) -> None:
    write(post, "{{ was_once_a_value }}")
    assert use(post) == 0
    post.notice(post.person("a"))
    post.round()
    assert "đã có kết quả" in post.out()[0][2]


def test_templates_are_sandboxed(post: Post) -> None:
    text = "{{ code.__class__.__mro__ }}"
    assert post.desk.replies.fault("vi", KEY, text) == ""
    write(post, text)
    use(post)
    post.notice(post.person("a"))
    post.round()
    assert [one.notice_status for one in post.steps()] == ["failed"]
