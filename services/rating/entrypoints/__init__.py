"""Where work comes in: events from Kafka."""
