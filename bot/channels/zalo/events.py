"""Every event that Zalo may call with, what is done about it, and why: the one place to look this up."""

from __future__ import annotations

import enum
from collections.abc import Mapping


class Does(enum.StrEnum):
    """What an event means to us."""

    ASKS = "asks"  # a person said something: answered
    STARTS = "starts"  # a person came: greeted
    LEAVES = "leaves"  # a person may not be written to any more: notices stop
    WITHDRAWS = "withdraws"  # a person took back their consent: everything of theirs is erased
    SIGHTED = "sighted"  # a message of ours arrived or was read: noted, never answered
    PERSON = "person"  # an officer answered in Zalo's own tool: noted
    NOTHING = "nothing"  # acknowledged and forgotten


_MESSAGE = "a message"
_OURS = "our own message, told back to us; with an admin's id an officer wrote it in Zalo's own tool"
_ANONYMOUS = "a visitor without an account: cannot be written to by the messages that we send"

EVENTS: Mapping[str, tuple[Does, str]] = {
    "user_send_text": (Does.ASKS, "words, or a pressed button, whose payload comes as words"),
    "user_send_image": (Does.ASKS, _MESSAGE),
    "user_send_gif": (Does.ASKS, "a moving picture: said that it cannot be read"),
    "user_send_location": (Does.ASKS, _MESSAGE),
    "user_send_file": (Does.ASKS, _MESSAGE),
    "user_send_audio": (Does.ASKS, "a voice note"),
    "user_send_video": (Does.ASKS, "said that it cannot be read"),
    "user_send_link": (Does.ASKS, "a link may carry a dossier's code"),
    "user_send_sticker": (Does.ASKS, "said that it cannot be read"),
    "user_send_business_card": (Does.ASKS, "somebody's number: a claim"),
    "user_submit_info": (Does.ASKS, "a number that was typed into Zalo's form: a claim, not a proof"),
    "user_click_button": (Does.ASKS, "not documented; taken as words where it carries any"),
    "follow": (Does.STARTS, "greeted as by the first command of a menu"),
    "unfollow": (Does.LEAVES, "nothing can be sent any more"),
    "user_withdraw": (Does.WITHDRAWS, "the law on personal data: what is this person's is deleted"),
    "user_received_message": (Does.SIGHTED, "a receipt; answering receipts would never end"),
    "user_seen_message": (Does.SIGHTED, "a receipt"),
    "user_reacted_message": (Does.NOTHING, "a heart below a message asks for nothing"),
    "oa_reacted_message": (Does.NOTHING, "an officer's own mark"),
    "user_click_chatnow": (
        Does.NOTHING,
        "the chat was opened and nothing said; Zalo shows the account's own greeting",
    ),
    "user_click_link": (Does.NOTHING, "not documented; a link that was opened asks for nothing"),
}

#: For names that are not in the table, by their beginning.
FAMILIES: tuple[tuple[str, tuple[Does, str]], ...] = (
    ("oa_send_", (Does.PERSON, _OURS)),
    ("anonymous_", (Does.NOTHING, _ANONYMOUS)),
    ("user_send_", (Does.ASKS, "a kind of message newer than this program: said that it cannot be read")),
)

UNKNOWN = (Does.NOTHING, "not among the events that we know; acknowledged, or it would come again")


def meaning_of(event: str) -> tuple[Does, str]:
    """What an event of this name means, and why; never fails."""
    if event in EVENTS:
        return EVENTS[event]
    return next((known for begins, known in FAMILIES if event.startswith(begins)), UNKNOWN)
