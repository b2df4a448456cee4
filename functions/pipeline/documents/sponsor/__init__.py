"""Sponsors' reports, read from the documents of sessions."""
