"""The front door: the page and the API, on one origin.

`app` puts them together: `api` answers under /api/.
"""
