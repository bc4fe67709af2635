"""The `mitsumori` command: `main.py` lists the commands, and each group of them has a file of its own."""
