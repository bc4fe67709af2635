"""What every process needs: settings, logs, the broker, the outbox, health, parcels, traces. No business rules."""
