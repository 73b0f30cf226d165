"""Notices: routes that an administrator edits, the ladder of channels, who wants none."""
