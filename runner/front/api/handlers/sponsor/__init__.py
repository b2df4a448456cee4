"""Sponsors' reports."""
