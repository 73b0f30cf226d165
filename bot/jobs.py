"""Scheduled work of a serving process, each behind a lease so that replicas do not double it."""

from __future__ import annotations

from bot.app import Application


async def add_jobs(app: Application) -> None:
    """Register the loops that every serving process runs."""
