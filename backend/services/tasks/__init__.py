"""Tasks given by the province: asking about them, reporting on them, asking for more time."""
