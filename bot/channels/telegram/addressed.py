"""Who a message in a group is meant for. In a group the bot answers only when it is spoken to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.raw import Raw, part, parts, text, whole


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself. ``username`` is empty until Telegram has told it: then no mention is recognised yet."""

    id: int
    username: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What was said to the bot, without the mention; ``command`` without its slash ("" when none)."""

    text: str
    command: str = ""

    @property
    def argument(self) -> str:
        return self.text.partition(" ")[2].strip() if self.command else ""


def words_for(message: Raw, me: Me, *, group: bool) -> Words | None:
    """The message's words; None when a group's message was meant for somebody else."""
    said = text(message, "text") or text(message, "caption")
    original = str(message.get("text") or message.get("caption") or "")
    entities = [*parts(message, "entities"), *parts(message, "caption_entities")]
    command = _command(original, entities)
    if command is not None:
        name, _, bot = command.partition("@")
        if bot and bot.casefold() != me.username.casefold():
            return None
        rest = said[len(command) + 1 :].strip()
        return Words(f"/{name} {rest}".strip(), name.lower())
    if not group:
        return Words(said)
    mention = next((one for one in entities if _is_me(original, one, me)), None)
    if mention is not None:
        return Words(_without(original, mention))
    return Words(said) if _replies_to(message, me) else None


def _command(said: str, entities: list[Raw]) -> str | None:
    """ "start@our_bot" of "/start@our_bot …", only at the beginning of a message."""
    for entity in entities:
        if entity.get("type") == "bot_command" and whole(entity, "offset") == 0:
            return _piece(said, entity)[1][1:]
    return None


def _is_me(said: str, entity: Raw, me: Me) -> bool:
    if entity.get("type") == "text_mention":
        return whole(part(entity, "user"), "id") == me.id
    if entity.get("type") != "mention" or not me.username:
        return False
    return _piece(said, entity)[1].casefold() == f"@{me.username}".casefold()


def _replies_to(message: Raw, me: Me) -> bool:
    replied = message.get("reply_to_message")
    sender = replied.get("from") if isinstance(replied, dict) else None
    return isinstance(sender, dict) and sender.get("id") == me.id


def _without(said: str, entity: Raw) -> str:
    before, _, after = _piece(said, entity)
    left = before.rstrip(), after.lstrip(" ,:;-")
    return text({"text": " ".join(one for one in left if one).strip()}, "text")


def _piece(said: str, entity: Raw) -> tuple[str, str, str]:
    """Before, the entity's own words, after. Telegram counts UTF-16 units."""
    units = said.encode("utf-16-le", "surrogatepass")
    start = max(0, whole(entity, "offset")) * 2
    end = start + max(0, whole(entity, "length")) * 2
    cut = units[:start], units[start:end], units[end:]
    before, own, after = (one.decode("utf-16-le", "replace") for one in cut)
    return before, own, after
