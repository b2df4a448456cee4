"""A stack on this machine: its processes, their state, and the commands that start, show and stop it."""
