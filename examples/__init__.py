"""Small whole programs for those who build something beside Mitsumori. Copy them: they import nothing of it."""
