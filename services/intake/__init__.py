"""The form and the API: a valid request is kept, acknowledged and announced."""
