"""How Mitsumori is started: on one machine, in containers, and by hand from the command line."""
