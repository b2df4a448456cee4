"""Calls of a provider that is an HTTP service: its client, and how it is authorised."""
