"""Periodic maintenance, run once a minute, duty by duty. A duty is a function and a line in handler.py."""
