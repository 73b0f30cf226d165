"""Official documents, who else may read them, and the words of their subjects."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant

documents = Table(
    "documents",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("direction", String(10), nullable=False),
    Column("number", String(60), nullable=False),
    Column("number_key", String(80), nullable=False),  # the same for every spelling of one number
    Column("serial", Integer, nullable=False),
    Column("kind", String(60), nullable=False, default=""),
    Column("subject", Text, nullable=False),
    Column("issuer", String(300), nullable=False),
    Column("issuer_key", String(300), nullable=False),  # folded
    Column("issuer_id", BigId, ForeignKey("agencies.id")),
    Column("issued_on", Date, nullable=False),
    Column("received_on", Date),
    Column("agency_id", BigId, ForeignKey("agencies.id")),  # null only in the gazette
    Column("field", String(100), nullable=False, default=""),
    Column("field_key", String(100), nullable=False, default=""),  # folded
    Column("signer", String(200), nullable=False, default=""),
    Column("needs_action", Boolean, nullable=False, default=False),
    Column("digitally_signed", Boolean, nullable=False, default=False),
    Column("gazette_issue", String(40), nullable=False, default=""),
    Column("validity", String(10), nullable=False, default=""),
    Column("effective_from", Date),
    Column("effective_to", Date),
    Column("link", String(500), nullable=False, default=""),
    Column("secrecy", String(20), nullable=False, default=""),  # always empty; queries ask all the same
    Column("origin", String(100), nullable=False, default=""),
    Column("as_of", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("demo", String(40), nullable=False, default=""),
    UniqueConstraint("direction", "number_key", "issued_on", "issuer_key"),
    Index(None, "number_key"),
    Index(None, "serial"),
    Index(None, "issued_on"),
    Index(None, "agency_id", "issued_on"),
    Index(None, "issuer_id", "issued_on"),
    Index(None, "direction", "issued_on"),
)

#: Agencies that a document was sent to, beside the one in whose hands it is.
document_readers = Table(
    "document_readers",
    metadata,
    Column("document_id", BigId, ForeignKey("documents.id"), primary_key=True),
    Column("agency_id", BigId, ForeignKey("agencies.id"), primary_key=True),
    Index(None, "agency_id"),
)

#: The index of words: one row per distinct word of a document, folded, with its marked form and BM25 weight. Kept as a
#: table of ours, so that both engines rank alike, and a backup made on one can be restored on the other.
document_words = Table(
    "document_words",
    metadata,
    Column("word", String(40), primary_key=True),
    Column("document_id", BigId, ForeignKey("documents.id"), primary_key=True),
    Column("marked", String(40), primary_key=True),  # empty for a word without marks
    Column("weight", Float, nullable=False),
    Index(None, "document_id"),
    sqlite_with_rowid=False,  # the key is the whole row but for one number
)
