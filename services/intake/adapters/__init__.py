"""How intake touches the world."""
