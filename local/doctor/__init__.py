"""What `mitsumori doctor` looks at: facts are gathered first (`gather/`), and each check is a function of them.

So a fault can be planted as a value, and a server that is away is one finding: what needs it is not looked at.
"""
