"""HLS push: segments and playlists that an encoder PUTs, made into a session of ours.

No instance keeps anything between two requests: a segment waits as an object under `staging/`, what has been decided
stands in `pushes/{stream}` (pipeline.documents.pushes), and whoever takes the next request goes on from there.
"""
