"""What nobody else is left to do: once a minute, each duty in turn. A duty is a function and a line in handler.py."""
