"""What every process wears: settings, logs, the broker, the outbox, health, parcels, a clock, traces. No business."""
