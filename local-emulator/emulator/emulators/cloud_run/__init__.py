"""Cloud Run's front end: it listens where services and functions are called, and hands requests to their instances.

    caller ── Client ── Exchange ── Upstream ── an instance on a port of its own
                           │
                         Pool: which instance, and whether there is room

It enforces what Cloud Run enforces, with the declared values: 32 MiB of body over HTTP/1, the time limit of a request,
requests at once in an instance, the number of instances. Headers and request log are as Cloud Run's. One process for
all of them: `python -m emulator.emulators.cloud_run`.
"""
