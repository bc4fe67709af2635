"""What lets the world in, and turns kinds of failure into replies."""
