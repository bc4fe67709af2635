"""`mitsumori serve`: one service in this process. It must not need what the image lacks (requirements/run.in)."""

from importlib import import_module

from services.registry import SERVICES, ServiceName


def serve(service: ServiceName) -> None:
    """サービスを一つ、このプロセスで動かす (run one service; used in containers)."""
    module = next(known.module for known in SERVICES if known.name is service)
    import_module(module).main()
