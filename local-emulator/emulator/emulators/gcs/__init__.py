"""A Cloud Storage emulator for the unpatched client libraries and for browsers.

`python -m emulator.emulators.gcs --port P (--memory | --data DIR) [--pubsub HOST:PORT]`

    server   ASGI: requests in, responses out, CORS, errors rendered for the JSON or the XML API
    routes   which call a path is; a call that is not done answers 400 with its name
    handlers one module per group of calls: they read a request, ask the domain and render a resource
    storage, buckets, resumable   the domain: versions, preconditions, events. Synchronous on one event loop,
             so that a check and the write that depends on it are never torn apart
    store    catalog (SQLite: names and metadata) and blobs (bytes: in memory or in files)
    outbox   notifications on their way to Pub/Sub

Who asks, and what they may, is enforced as Google does (`access`): by the buckets' policies, with signatures, and with
the tokens of a metadata server of our own, which knows the account of each workload.

What differs from Google's service: there is one location and one storage class, and nothing is deleted softly. What is
declared and not done here, or not known at all, is refused.
"""
