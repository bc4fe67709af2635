"""What notify does: one use case a file, with the heartbeat and the metrics that they need."""
