"""What dashboard decides: no I/O, no framework."""
