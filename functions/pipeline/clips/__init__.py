"""Clips: the Cloud Run job `cutter` cuts them from a session's segments."""
