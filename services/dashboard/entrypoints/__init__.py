"""Where work comes in: requests over HTTP, and events from Kafka."""
