"""HLS push: turns the segments and playlists that an encoder PUTs into a session.

No instance keeps state between two requests: a segment waits as an object under `staging/`, `pushes/{stream}`
(pipeline.documents.pushes) records each decision, and any instance can take the next request.
"""
