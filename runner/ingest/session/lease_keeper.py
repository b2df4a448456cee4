"""Renews a lease while its publisher works, and stops the publisher once the lease is lost."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType

from pipeline.control.lease import Lease
from pipeline.domain.errors import LeaseLost, Stopped, Unavailable
from pipeline.domain.lease import LASTS, RENEW_EVERY

log = logging.getLogger(__name__)
_AGAIN = 1.0  # seconds after a renewal that failed: front may be away for as long as the lease lasts


class LeaseKeeper:
    """Renews until the block ends. Calls `stop`, once and from another thread, when the lease is lost."""

    def __init__(self, lease: Lease, stop: Callable[[], None]) -> None:
        self.lost: LeaseLost | None = None
        self._lease = lease
        self._stop = stop
        self._ending = threading.Event()
        self._good_until = time.monotonic() + LASTS
        self._thread = threading.Thread(target=self._run, name=f"lease-{lease.stream}", daemon=True)

    def __enter__(self) -> LeaseKeeper:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Stops renewing."""
        self._ending.set()
        self._thread.join()

    def check(self) -> None:
        """Raises LeaseLost once another publisher may hold the lease: from then on nothing may be written.

        A publisher that an operator stopped may still close its session.
        """
        if self.lost and not isinstance(self.lost, Stopped):
            raise self.lost
        if time.monotonic() > self._good_until and not self.lost:
            raise LeaseLost(f"the lease of stream {self._lease.stream!r} could not be renewed in time")

    def _run(self) -> None:
        pause = RENEW_EVERY
        while not self.lost and not self._ending.wait(pause):
            began = time.monotonic()
            try:
                self._lease.renew()
                self._good_until, pause = began + LASTS, RENEW_EVERY
            except LeaseLost as lost:
                self.lost = lost
            except Unavailable as error:
                pause = _AGAIN
                log.warning(
                    "renewing will be retried: %s",
                    error,
                    extra={"labels": {"stream": self._lease.stream}},
                )
                if time.monotonic() + _AGAIN > self._good_until:
                    self.lost = LeaseLost(f"the lease of stream {self._lease.stream!r} could not be renewed: {error}")
        if self.lost:
            log.warning("%s", self.lost, extra={"labels": {"stream": self._lease.stream}})
            self._stop()
