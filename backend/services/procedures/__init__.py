"""Procedures: found by what people call them, and explained."""
