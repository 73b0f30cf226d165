"""Real years of real offices as they were published: generated rows whose totals are exactly the published ones."""
