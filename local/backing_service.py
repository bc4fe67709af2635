"""What the servers behind the services (MongoDB, the brokers) have in common: each can be started and ended alone."""

from abc import ABC, abstractmethod

from local.children import Child


class BackingService(ABC):
    """A server that the services need, as a process: `child`."""

    child: Child

    @abstractmethod
    def spawn(self) -> None:
        """Start the process and return at once: it may not be able to work yet."""

    @abstractmethod
    def wait_until_ready(self) -> None:
        """Return when it can do its work. Raises `CannotStart`."""

    def start(self) -> None:
        """Start the process and return when it can do its work. Raises `CannotStart`."""
        self.spawn()
        self.wait_until_ready()

    def stop(self) -> None:
        """Have the process shut down. Safe to repeat."""
        self.child.stop()

    def kill(self) -> None:
        """End the process with SIGKILL."""
        self.child.kill()
