"""Agencies: found by what people call them."""
