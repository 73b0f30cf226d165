"""Zalo Official Account, on aiohttp: translate and send, nothing else. Start at ``channel.py``.

What is written here of Zalo's interface is our reading of second-hand documents, never tried against Zalo itself:
``docs/channels.md`` lists what awaits a real account.
"""
