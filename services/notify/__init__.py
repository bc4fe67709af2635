"""Writes letters, delivers each once, and publishes what became of it."""
