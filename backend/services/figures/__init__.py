"""Figures as an office reports them: defined once, counted within a scope, entered, frozen, compared."""
