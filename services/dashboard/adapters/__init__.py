"""How the dashboard touches MongoDB and Argon2."""
