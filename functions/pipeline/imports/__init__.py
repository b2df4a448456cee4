"""Files: an uploaded object becomes a session, by way of the Cloud Run job `importer`."""
