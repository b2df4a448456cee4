"""The HTTP API, under /api. One route is one function in `routes`."""
