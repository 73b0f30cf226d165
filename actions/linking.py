"""One person on several channels: getting a code, typing it elsewhere, seeing and undoing what is linked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.dossier_replies import share_phone
from backend.domain.messaging import ChannelName
from backend.domain.person import read_code, tries_code
from backend.services import linking, people
from backend.services.accounts.binding import unbind
from backend.services.dossiers.views import Blocked
from backend.services.linking import Channel, Linked, LinkedOfficer, NotLinked
from backend.text.fold import words

#: Words that point at the very conversation they are said in.
_HERE = frozenset({"nay", "day", "this", "here"})
#: "hủy liên kết đi em": said so shortly, it is about this channel.
_SHORT = 4
#: How alike a mistyped name must be: "zallo", "teleggram" and "da lô" are, "gmail" is not.
_ALIKE = 0.75
_CHANNELS = {
    "zalo": ChannelName.ZALO, "zl": ChannelName.ZALO, "telegram": ChannelName.TELEGRAM, "tele": ChannelName.TELEGRAM,
    "telegam": ChannelName.TELEGRAM, "web": ChannelName.WEB, "website": ChannelName.WEB,
}  # fmt: skip


def _private(act: Callable[[Turn], Outcome]) -> Action:
    """A link is about one person: not in groups, nor on channels that take their caller's word for who it is."""

    def guarded(turn: Turn) -> Outcome:
        if turn.viewer.group:
            return Reply("linking/private_only")
        if not linking.may_link(turn.viewer):
            return Reply("linking/not_here")
        return act(turn)

    return guarded


def _link(turn: Turn) -> Reply:
    """A code that was typed is tried; else one is made."""
    if tries_code(turn.text) and not turn.given:
        return _typed(turn, read_code(turn.text) or "")
    return _make(turn)


def _prefer(turn: Turn) -> Reply:
    """On which of the linked channels this person is told things."""
    done = prefer_named(turn)
    if done is not None:
        return done
    found = linking.channels(turn.uow, turn.viewer)
    here, wished = str(turn.viewer.address.channel), _channel_named(turn)
    others = {one.channel for one in found}
    if len(others) < 2 or wished is not None:
        strange = None in _channels_named(turn)
        values = {"here": here, "wished": str(wished or ""), "strange": strange}
        return Reply("linking/prefer_link_first", values, (_BUTTON_MAKE,))
    choices = (
        Button("@linking/button_prefer", "prefer_channel", {"channel": str(one)}, True)
        for one in sorted(others, key=str)
    )
    return Reply("linking/prefer_which", buttons=tuple(choices))


def prefer_named(turn: Turn) -> Reply | None:
    """ "báo qua Zalo cho tôi", where that is one of the person's linked channels; None where it is not."""
    channel = _channel_named(turn)
    if channel is None:
        return None
    linked = {one.channel for one in linking.channels(turn.uow, turn.viewer)}
    if len(linked) < 2 or not people.prefer(turn.uow, turn.viewer, channel):
        return None
    return Reply("linking/preferred", {"channel": str(channel)})


def _channels_named(turn: Turn) -> set[ChannelName | None]:
    """None stands for a way that is none of ours (SMS, e-mail, a call)."""
    if "channel" in turn.given:
        return {ChannelName(str(turn.given["channel"]))}
    spelled = {_read(value) for value in turn.understood.values("channel")}
    return spelled | {_CHANNELS[word] for word in words(turn.text) if word in _CHANNELS}


def _read(name: str) -> ChannelName | None:
    spelled = words(name)
    near = (get_close_matches(one, _CHANNELS, 1, _ALIKE) for one in (*spelled, "".join(spelled)))
    return next((_CHANNELS[found[0]] for found in near if found), None)


def _channel_named(turn: Turn) -> ChannelName | None:
    """None also where two are named: "đừng gửi Zalo, gửi Telegram" and its opposite differ by a word."""
    named = _channels_named(turn)
    return named.pop() if len(named) == 1 else None


def _make(turn: Turn) -> Reply:
    made = linking.offer(turn.uow, turn.viewer)
    if made is None:
        share = share_phone(turn)
        return Reply("linking/verify_first", {"can_share": bool(share)}, share)
    linked = len(linking.channels(turn.uow, turn.viewer)) > 1
    more = (_BUTTON_LIST,) if linked else ()
    return Reply("linking/code", {"code": made.code, "until": made.until}, more)


def _typed(turn: Turn, code: str) -> Reply:
    done = linking.redeem(turn.uow, turn.viewer, code)
    if isinstance(done, Blocked):
        return Reply("linking/too_many_guesses", {"until": done.until})
    if isinstance(done, LinkedOfficer):
        own = turn.uow.accounts.by_name(done.account)
        return Reply("linking/officer_linked", {"name": own.full_name if own else done.account})
    if isinstance(done, Linked):
        buttons = (_BUTTON_LIST, _UNLINK_HERE)
        return Reply("linking/linked", {"channel": str(done.channel)}, buttons)
    if done is NotLinked.WRONG:
        return Reply("linking/wrong_code")
    if done is NotLinked.OWN:
        return Reply("linking/own_code")
    if done is NotLinked.ALREADY:
        return Reply("linking/already", buttons=(_BUTTON_LIST,))
    return Reply("linking/other_number" if done is NotLinked.OTHER_NUMBER else "linking/full")


def _list(turn: Turn) -> Reply:
    found = linking.channels(turn.uow, turn.viewer)
    if not found:
        return _make(turn)
    if len(found) == 1:
        return Reply("linking/only_here", _line(found[0]), (_BUTTON_MAKE,))
    off = (
        Button("@linking/button_unlink", "unlink_channel", {"which": one.identity_id, **_line(one)}, True)
        for one in found
    )
    return Reply("linking/list", {"channels": [_line(one) for one in found]}, (*off, _BUTTON_MAKE))


def _unlink(turn: Turn) -> Reply:
    """The button's, or the one that was named clearly: at once. Else the list to choose from."""
    found = linking.channels(turn.uow, turn.viewer)
    which = turn.given.get("which")
    if which is None and len(found) > 1 and not turn.given:
        named = _meant(turn, found)
        if named is None:
            return _list(turn)
        which = named.identity_id
    if turn.viewer.account and which is None and unbind(turn.uow, turn.viewer.actor, turn.viewer.address):
        return Reply("linking/officer_unlinked")
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


_BUTTON_MAKE = Button("@linking/button_make", "link_channel", {"new": True})
_BUTTON_LIST = Button("@linking/button_list", "linked_channels")
_UNLINK_HERE = Button("@linking/button_unlink_here", "unlink_channel", {"here": True}, changes=True)
ACTIONS: dict[str, Action] = {
    "link_channel": _private(_link),
    "unlink_channel": _private(_unlink),
    "linked_channels": _private(_list),
    "prefer_channel": _private(_prefer),
}
