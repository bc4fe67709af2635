"""What notify decides: no I/O, no framework."""
