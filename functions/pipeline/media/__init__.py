"""Media of strangers: the one way to open it, and its limits."""
