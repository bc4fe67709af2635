"""Backups of the four databases, and what is made of one when it is restored (docs/adr/0032-backups.md)."""
