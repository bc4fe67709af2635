"""How dashboard touches the world."""
