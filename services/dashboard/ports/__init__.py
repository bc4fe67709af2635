"""What the dashboard needs from outside: protocols, and the values that they pass.

Methods that use the database raise `Unavailable` when it cannot be reached.
"""
