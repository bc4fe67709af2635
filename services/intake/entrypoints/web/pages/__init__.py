"""The doors for people: the form, and the address that the agency's own pages may post to."""
