"""What rating decides: no I/O, no framework."""
