"""Child processes, and the states that they come to."""

from __future__ import annotations

import threading

from emulator.processes.process import Process, ProcessState

SERVE = """
    import http.server, os
    print("serving", flush=True)
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


class Changes:
    """Every state a process came to, to be waited for."""

    def __init__(self) -> None:
        self.seen: list[ProcessState] = []
        self._arrived = threading.Condition()

    def __call__(self, process: Process) -> None:
        with self._arrived:
            self.seen.append(process.state)
            self._arrived.notify_all()

    def wait_for(self, *states: ProcessState) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: self.seen == list(states), 20), self.seen
