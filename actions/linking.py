"""One person on several channels: getting a code, typing it elsewhere, seeing and undoing what is linked."""

from __future__ import annotations

from collections.abc import Sequence

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.dossier_replies import share_phone
from backend.domain.messaging import ChannelName
from backend.domain.person import read_code, tries_code
from backend.services import linking, people
from backend.services.dossiers.views import Blocked
from backend.services.linking import Channel, Linked, NotLinked
from backend.text.fold import words

MAKE, LIST, UNLINK, PREFER = "make", "list", "unlink", "prefer"
#: Folded words that tell which of the wishes is meant, the first that fits; else a code is wanted. Whoever is taken for
#: another wish sees the list with its buttons: nothing is undone by a guess.
_WISHES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (UNLINK, (
        "huy", "huyy", "xoa", "ngat", "ngung", "cat", "thao", "tach", "thoat", "bo lien ket", "bo ket noi", "bo kenh",
        "bo lk", "go lien ket", "go ket noi", "go kenh", "go lk", "go zalo", "go telegram", "go tele", "go ra",
        "go lam sao", "go cai", "thoi khong", "dung lien ket", "khong lien ket", "nguoi la", "de rieng", "unlink",
        "disconnect", "remove",
    )),
    (PREFER, (
        "bao qua", "nhan qua", "gui qua", "nhan tin qua", "bao ve", "gui ve", "bao tren", "bao o", "uu tien",
        "bao sang", "gui sang", "notify me on", "notices to",
    )),
    (LIST, (
        "kenh nao", "nhung kenh", "cac kenh", "may kenh", "bao nhieu kenh", "danh sach", "liet ke", "may cho",
        "cac noi", "nhung noi", "nhung cho", "dang noi", "da noi", "dang lien ket", "dang lk", "which",
        "linked channels", "list",
    )),
)  # fmt: skip
#: Words that point at the very conversation they are said in.
_HERE = frozenset({"nay", "day", "this", "here"})
#: "hủy liên kết đi em": said so shortly, it is about this channel.
_SHORT = 4
_CHANNELS = {
    "zalo": ChannelName.ZALO, "zl": ChannelName.ZALO, "telegram": ChannelName.TELEGRAM, "tele": ChannelName.TELEGRAM,
    "telegam": ChannelName.TELEGRAM, "web": ChannelName.WEB, "website": ChannelName.WEB, "trang": ChannelName.WEB,
}  # fmt: skip


def link_channel(turn: Turn) -> Outcome:
    """Everything about linked channels that is said in words."""
    if turn.viewer.group:
        return Reply("linking/private_only")
    if not linking.may_link(turn.viewer):
        return Reply("linking/not_here")
    if tries_code(turn.text) and not turn.given:
        return _typed(turn, read_code(turn.text) or "")
    wish = str(turn.given.get("wish") or _wish_of(turn.text))
    if wish == LIST:
        return _list(turn)
    if wish == UNLINK:
        return _unlink(turn)
    return (prefer_named(turn) if wish == PREFER else None) or _make(turn)


def prefer_named(turn: Turn) -> Reply | None:
    """ "báo qua Zalo cho tôi", where that is one of the person's linked channels; None where it is not."""
    channel = _channel_named(turn)
    if channel is None:
        return None
    linked = {one.channel for one in linking.channels(turn.uow, turn.viewer)}
    if len(linked) < 2 or not people.prefer(turn.uow, turn.viewer, channel):
        return None
    return Reply("linking/preferred", {"channel": str(channel)})


def _wish_of(text: str) -> str:
    said = f" {' '.join(words(text))} "
    return next((wish for wish, signs in _WISHES if any(f" {sign} " in said for sign in signs)), MAKE)


def _channel_named(turn: Turn) -> ChannelName | None:
    if "channel" in turn.given:
        return ChannelName(str(turn.given["channel"]))
    said = words(turn.value("channel") or "") or words(turn.text)
    return next((_CHANNELS[word] for word in said if word in _CHANNELS), None)


def _make(turn: Turn) -> Reply:
    made = linking.offer(turn.uow, turn.viewer)
    if made is None:
        share = share_phone(turn)
        return Reply("linking/verify_first", {"can_share": bool(share)}, share)
    linked = len(linking.channels(turn.uow, turn.viewer)) > 1
    more = (Button("@linking/button_list", "link_channel", {"wish": LIST}),) if linked else ()
    return Reply("linking/code", {"code": made.code, "until": made.until}, more)


def _typed(turn: Turn, code: str) -> Reply:
    done = linking.redeem(turn.uow, turn.viewer, code)
    if isinstance(done, Blocked):
        return Reply("linking/too_many_guesses", {"until": done.until})
    if isinstance(done, Linked):
        buttons = (Button("@linking/button_list", "link_channel", {"wish": LIST}), _UNLINK_HERE)
        return Reply("linking/linked", {"channel": str(done.channel)}, buttons)
    if done is NotLinked.WRONG:
        return Reply("linking/wrong_code")
    if done is NotLinked.OWN:
        return Reply("linking/own_code")
    if done is NotLinked.ALREADY:
        return Reply(
            "linking/already", buttons=(Button("@linking/button_list", "link_channel", {"wish": LIST}),)
        )
    return Reply("linking/other_number" if done is NotLinked.OTHER_NUMBER else "linking/full")


def _list(turn: Turn) -> Reply:
    found = linking.channels(turn.uow, turn.viewer)
    if not found:
        return _make(turn)
    more = (Button("@linking/button_make", "link_channel", {"wish": MAKE}),)
    if len(found) == 1:
        return Reply("linking/only_here", _line(found[0]), more)
    off = tuple(
        Button(
            "@linking/button_unlink",
            "link_channel",
            {"wish": UNLINK, "which": one.identity_id, **_line(one)},
            True,
        )
        for one in found
    )
    return Reply("linking/list", {"channels": [_line(one) for one in found]}, (*off, *more))


def _unlink(turn: Turn) -> Reply:
    """The button's, or the one that was named clearly: at once. Else the list to choose from."""
    found = linking.channels(turn.uow, turn.viewer)
    which = turn.given.get("which")
    if which is None and len(found) > 1 and not turn.given:
        named = _meant(turn, found)
        if named is None:
            return _list(turn)
        which = named.identity_id
    done = linking.unlink(turn.uow, turn.viewer, int(which) if which is not None else None)
    if done is None:
        return Reply("linking/nothing_linked", {"verified": bool(found)})
    return Reply("linking/unlinked", {"channel": str(done.channel), "here": done.here})


def _meant(turn: Turn, found: Sequence[Channel]) -> Channel | None:
    """The one channel that the words name."""
    said = words(turn.text)
    named = _channel_named(turn)
    those = [one for one in found if one.channel is named]
    if named is None and (_HERE & set(said) or len(said) <= _SHORT):
        those = [one for one in found if one.here]
    return those[0] if len(those) == 1 else None


def _line(one: Channel) -> dict[str, object]:
    since = one.since.isoformat() if one.since else ""
    return {"channel": str(one.channel), "since": since, "here": one.here}


_UNLINK_HERE = Button("@linking/button_unlink_here", "link_channel", {"wish": UNLINK}, changes=True)
ACTIONS: dict[str, Action] = {"link_channel": link_channel}
