"""How notify touches the world."""
