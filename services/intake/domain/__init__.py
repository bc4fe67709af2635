"""What intake decides: no I/O, no framework."""
