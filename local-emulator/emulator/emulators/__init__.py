"""The emulators: our own, and the processes that run them beside those of Google."""
