"""What a rename in a folder needs to outlive a power cut."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Write the folder itself to disk: after a power cut the file must still have its name. Raises `OSError`."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
