"""Buttons below a message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from backend.domain.messaging import OutgoingButton

#: Two titles of at most this many characters stand side by side on a small screen.
SHORT = 16


def inline_keyboard(buttons: Sequence[OutgoingButton]) -> InlineKeyboardMarkup | None:
    """Quick replies and links; None when there are none."""
    shown = [one for one in buttons if one.id or one.url]
    return InlineKeyboardMarkup([[_button(one) for one in row] for row in rows_of(shown)]) if shown else None


def rows_of(buttons: Iterable[OutgoingButton]) -> list[list[OutgoingButton]]:
    """One to a row; two when both are short."""
    rows: list[list[OutgoingButton]] = []
    for button in buttons:
        short = len(button.title) <= SHORT
        last = rows[-1] if rows else []
        if short and len(last) == 1 and len(last[0].title) <= SHORT:
            last.append(button)
        else:
            rows.append([button])
    return rows


def contact_keyboard(button: OutgoingButton) -> ReplyKeyboardMarkup:
    """Telegram asks the person before it gives their number; the keyboard folds away afterwards."""
    asks = KeyboardButton(button.title, request_contact=True)
    return ReplyKeyboardMarkup([[asks]], resize_keyboard=True, one_time_keyboard=True)


def _button(button: OutgoingButton) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.title, url=button.url)
    return InlineKeyboardButton(button.title, callback_data=button.id)
