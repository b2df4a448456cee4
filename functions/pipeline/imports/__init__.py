"""Imports of files: the Cloud Run job `importer` turns an uploaded object into a session."""
