"""How notify reaches MongoDB, the mail server, Typst and its templates."""
