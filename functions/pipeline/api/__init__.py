"""The HTTP API: streams, for whoever holds the admin key. One route is one function in `routes`."""
