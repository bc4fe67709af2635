"""What every HTTP entrypoint shares: the app with its probes, security headers, errors as replies."""
