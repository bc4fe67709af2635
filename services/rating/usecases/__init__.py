"""What rating does: one use case a file."""
