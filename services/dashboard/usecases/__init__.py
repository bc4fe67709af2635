"""What the dashboard does: one use case a file."""
