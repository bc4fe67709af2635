"""The form and the API: a valid request is stored, acknowledged and published."""
