"""Writes letters, delivers each once, and says what became of it."""
