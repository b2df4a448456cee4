"""A session while a sender holds its lease: segments, playlists and documents, in order."""
