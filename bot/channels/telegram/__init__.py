"""Telegram, through python-telegram-bot's ``Bot``: translate and send, nothing else. Start at ``channel.py``."""
