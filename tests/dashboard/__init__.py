"""The dashboard: what staff see, built from events alone."""
