"""Four services that meet only on the wire: none imports another, none calls another (ARCHITECTURE.md).

Every service has the same rooms: `app.py` puts it together, `settings.py` says what it needs, doors (`pages.py`,
`api.py`, `consumer.py`) let the world in, deeds (one verb a file) do the work, `ports.py` names what they need,
`domain/` decides without touching the world, `adapters/` touch it.
"""
