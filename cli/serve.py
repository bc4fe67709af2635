"""`mitsumori serve`: one service in this process. It runs in containers: import only what requirements/run.in has."""

from importlib import import_module

from services import registry


def serve(service: registry.ServiceName) -> None:
    """サービスを一つ、このプロセスで動かす (run one service; used in containers)."""
    import_module(registry.service(service).module).main()
