"""The HTTP API, under /api. Each route of `routes` is answered by one function in `handlers`."""
