"""Reads a large object like a file, in blocks. Keeps a few of them, so that memory does not grow with the object."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

BLOCK = 4 << 20  # bytes: large reads, since each costs a round trip
_SEEK_SIZE = 1 << 16  # FFmpeg's way to ask how long a file is
_MAX_BLOCKS = 8  # in memory: an MP4 may keep sound and picture far apart


class RemoteFile:
    """A file over `fetch(first, last)`, which reads bytes, both ends included. Sequential reads prefetch a block.

    `stop`, from any thread, ends it early: then it is `broken`.
    """

    def __init__(self, fetch: Callable[[int, int], bytes], size: int, block: int = BLOCK) -> None:
        self.size = size
        self.broken = False

        self._fetch = fetch
        self._block = block
        self._blocks: OrderedDict[int, Future[bytes]] = OrderedDict()
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="fetch")
        self._at = 0
        self._before = -1

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, none at the end. Raises the error of `fetch`."""
        if self.broken or self._at >= self.size:
            return b""
        number, offset = divmod(self._at, self._block)
        future = self._get(number)
        if number == self._before + 1 and (number + 1) * self._block < self.size:
            self._get(number + 1)
        self._before = number
        block = future.result()
        data = block[offset : offset + size] if size >= 0 else block[offset:]
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """See io.IOBase."""
        if whence == _SEEK_SIZE:
            return self.size
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}.get(whence)
        if base is None or base + offset < 0:
            raise ValueError(f"cannot seek to {offset} from {whence}")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """See io.IOBase."""
        return self._at

    def stop(self) -> None:
        """Ends the file here, from any thread."""
        self.broken = True

    def close(self) -> None:
        """Releases the blocks."""
        self._pool.shutdown(cancel_futures=True)
        self._blocks.clear()

    def _get(self, number: int) -> Future[bytes]:
        found = self._blocks.get(number)
        if found is None or (found.done() and found.exception()):
            first = number * self._block
            found = self._pool.submit(self._fetch, first, min(first + self._block, self.size) - 1)
            self._blocks[number] = found
        self._blocks.move_to_end(number)
        while len(self._blocks) > _MAX_BLOCKS:
            self._blocks.popitem(last=False)
        return found
