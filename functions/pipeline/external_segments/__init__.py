"""Segments of an external store: announced by a signed request, fetched, and stored in the media bucket.

From there on they are like any other segment: the object's event starts the pipeline.
"""
