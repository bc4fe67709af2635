"""What the services share: a published language, products as data, and the code that every process needs.

A file is admitted when all four hold: two services need it today; it names no business rule; it would be the
same file if the services were four repositories; changing it is allowed to redeploy everything.
Otherwise copy it: three lines twice are cheaper than one wrong abstraction.
"""
