"""What a person at the terminal can mend."""


class CommandError(Exception):
    """Shown as one line; the command ends with exit code 1."""
