"""The front door: the page, the API and the media, on one origin.

`app` puts them together: `site` answers with the page's files, `media` with a stream's media for who holds a grant
(`grants`), `api` under /api/.
"""
