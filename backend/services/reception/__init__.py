"""Citizen reception: days, hosts, schedule, bookings, the reception board's work."""
