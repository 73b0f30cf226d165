"""Work that outlives a request: leases, slow work, job runs."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant

#: One holder at a time for each singleton (poller, deliveries, scheduler).
leases = Table(
    "leases",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("until", Instant, nullable=False),
    Column("token", Integer, nullable=False),  # grows with each new holder: fences late writes
)

#: Slow products; their result comes back as an inbox event.
work = Table(
    "work",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("conversation_id", BigId, ForeignKey("conversations.id")),
    Column("args", LargeBinary, nullable=False),
    Column("status", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_holder", String(40)),
    Column("lease_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("reason", String(200), nullable=False, default=""),
    Index(None, "status", "id"),
)

#: One row for each slot of a scheduled job: whoever wrote it runs it.
job_runs = Table(
    "job_runs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("job", String(60), nullable=False),
    Column("slot", Instant, nullable=False),
    Column("holder", String(40), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("outcome", String(200), nullable=False, default=""),
    Column("count", Integer, nullable=False, default=0),
    UniqueConstraint("job", "slot"),
)
