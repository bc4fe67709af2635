"""`mitsumori serve`: one service in this process. It must not need what the image lacks (requirements/run.in)."""

from importlib import import_module

from services import registry


def serve(service: registry.ServiceName) -> None:
    """サービスを一つ、このプロセスで動かす (run one service; used in containers)."""
    import_module(registry.service(service).module).main()
