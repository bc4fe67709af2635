"""What agency staff see: every case, joined from its events."""
