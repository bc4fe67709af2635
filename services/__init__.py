"""Four services that meet only on the wire: none imports another, none calls another (ARCHITECTURE.md).

Every service has the same folders and files: `app.py` is the composition root, `settings.py` says what it needs to
know of its surroundings, `ports.py` names what the use cases need, `domain/` decides without I/O, `usecases/` has one
verb a file, `entrypoints/` receive requests and events, `adapters/` reach databases, mail servers and the like.
`registry.py` lists the services for everything that is not one of them.
"""
