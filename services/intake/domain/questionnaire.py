"""The form of a product as JSON, for pages that are not ours."""
