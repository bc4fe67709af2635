"""What agency staff see: every case, told by its events."""
