"""The functions that answer the routes of the API."""
