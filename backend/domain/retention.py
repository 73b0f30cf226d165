"""What is forgotten when its time is over."""

from __future__ import annotations

import enum


class Kept(enum.StrEnum):
    """Kinds of rows that end. Bookings, dossiers and the audit are not among them."""

    MESSAGES = "messages"  # what people wrote, with the replies and buttons that hang on it
    REPLIES = "replies"  # notices and officers' own words: outgoing rows without a message
    FILES = "files"  # photos and files that people sent
    STATES = "states"  # open forms and context of conversations that fell silent
    NOTICES = "notices"  # told or cancelled
    WORK = "work"  # finished slow work
    BUTTONS = "buttons"  # expired
    CALLBACKS = "callbacks"  # what was said in call-backs that are over
    LINKS = "links"  # link codes that were used or ran out
    RATINGS = "ratings"  # words written beside a rating; the value stays, for the count
    BROWSERS = "browsers"  # officers' signed-in browsers whose time is over
    GUESSES = "guesses"  # counters of wrong codes
