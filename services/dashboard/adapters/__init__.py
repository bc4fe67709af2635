"""How the dashboard reaches MongoDB and Argon2."""
