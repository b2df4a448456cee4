"""Buckets, the database, and the files of the page."""
