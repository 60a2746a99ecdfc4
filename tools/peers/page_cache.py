"""Whether a file's pages are in memory: brings them there, or drops them, and looks whether they really are (Linux)."""

from __future__ import annotations

import ctypes
import mmap
import os
from pathlib import Path

from engine import Unavailable

CHUNK = 1 << 24
ATTEMPTS = 5


def fetch(path: Path) -> None:
    """Reads it whole, so that the next who does finds it in memory."""
    with path.open("rb", buffering=0) as file:
        while file.read(CHUNK):
            pass


def drop(path: Path) -> None:
    """Makes the system forget its pages. Raises `Unavailable` where some stay."""
    if not hasattr(os, "posix_fadvise"):
        raise Unavailable("this system has no posix_fadvise")
    for _ in range(ATTEMPTS):
        with path.open("rb") as file:
            # A page that was written and is not on the disk yet cannot be dropped.
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        left = resident(path)
        if left == 0:
            return
    raise Unavailable(f"{left} pages stay in memory after posix_fadvise")


def resident(path: Path) -> int:
    """How many of its pages are in memory, as mincore says."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
    size = path.stat().st_size
    pages = ctypes.create_string_buffer(-(-size // mmap.PAGESIZE))
    # Copy on write, which is never written: ctypes gives the address of writable memory only.
    with path.open("rb") as file, mmap.mmap(file.fileno(), size, access=mmap.ACCESS_COPY) as view:
        first = ctypes.c_char.from_buffer(view)
        failed = libc.mincore(ctypes.addressof(first), size, pages)
        del first
    if failed:
        raise Unavailable(f"mincore: {os.strerror(ctypes.get_errno())}")
    return sum(page & 1 for page in pages.raw)
