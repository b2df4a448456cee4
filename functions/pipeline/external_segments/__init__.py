"""Segments of an external store: announced by a signed request, fetched, and stored as objects of ours.

From there on everything is as for any segment: the object's event is what the pipeline runs on.
"""
