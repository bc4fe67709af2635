"""The runtime's code for MongoDB."""
