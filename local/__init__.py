"""The whole system as real processes on one machine, without Docker. Everything listens on 127.0.0.1 only."""
