"""Documents that say what is allowed, and what was done: all closed to browsers."""
