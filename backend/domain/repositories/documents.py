"""Port: official documents. Every reading method takes the asker's scope and never touches what lies outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from backend.domain.document import DocumentFilter, DocumentPage, OfficialDocument, Word
from backend.domain.document_number import DocumentNumber
from backend.domain.scope import Scope


class Documents(Protocol):
    """Without a scope (``NO_SCOPE``) only the gazette can be seen."""

    def find(self, scope: Scope, wanted: DocumentFilter, *, limit: int = 5, after: int = 0) -> DocumentPage:
        """With all that is wanted: by words the best first, else the newest."""

    def nearest(self, scope: Scope, wanted: DocumentFilter, limit: int = 5) -> Sequence[OfficialDocument]:
        """With some of the words, the best first; the rest of the filter holds."""

    def like(
        self, scope: Scope, number: DocumentNumber, wanted: DocumentFilter, limit: int = 5
    ) -> Sequence[OfficialDocument]:
        """Whose number this may mean, though it is not written so: a year or some letters left out; newest first."""

    def get(self, scope: Scope, document_id: int) -> OfficialDocument | None: ...
    def counts(self, scope: Scope, wanted: DocumentFilter) -> Mapping[str, int]:
        """How many of each direction; a document that went out and was printed in the gazette counts in both."""

    def known(self, keys: Sequence[str]) -> Sequence[OfficialDocument]:
        """For importers: whatever stands under these number keys."""

    def add(self, documents: Sequence[OfficialDocument]) -> None: ...
    def change(self, document: OfficialDocument) -> None:
        """Replace the row of this id."""

    def seen(self, ids: Collection[int], as_of: datetime) -> None:
        """The source told these again, unchanged, at that time."""

    def drop(self, key: str, issued_on: date | None) -> int:
        """Delete what has this number key and day (any day when None); returns how many went."""

    def rarity(self, words: Sequence[Word]) -> Mapping[Word, float]:
        """How much each word tells documents apart (inverse document frequency); 0 for one that is nowhere."""
