"""Where work comes in: events from Kafka, and letters that have become due."""
