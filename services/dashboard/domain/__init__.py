"""What a case is, decided from its facts alone."""
