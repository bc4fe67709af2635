"""Adapters: each asks the world for facts of some kinds, within a time."""
