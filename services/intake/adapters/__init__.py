"""How intake reaches MongoDB, Typst and the list of postal codes."""
