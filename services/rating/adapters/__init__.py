"""How rating touches the world."""
