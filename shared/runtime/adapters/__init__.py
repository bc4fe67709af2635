"""How the runtime touches MongoDB."""
