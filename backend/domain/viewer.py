"""Who is asking, as far as it is known: what the access rule of dossiers and the audit need."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.messaging import Address


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person in a conversation.

    ``phone_proofs`` are keyed hashes (see ``Cipher.fingerprint``) of phone numbers that a channel has
    verified as this person's own. ``opened`` holds the codes of dossiers whose second factor this person
    gave in this conversation.
    """

    conversation_id: int
    address: Address
    identity_id: int | None = None
    phone_proofs: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    account: str = ""  # officer's account name, empty for the public
    roles: frozenset[str] = frozenset()
    group: bool = False

    @property
    def actor(self) -> str:
        """How audit rows name this viewer: never a person's name or number."""
        return f"account:{self.account}" if self.account else f"conversation:{self.conversation_id}"
