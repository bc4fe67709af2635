"""How rating reaches MongoDB."""
