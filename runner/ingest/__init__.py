"""The ingest service: a live video goes in over HTTP, HLS segments and playlists come out in Cloud Storage.

    body ──► source ──► tracks ──► segmenter ──► session ──► publisher ──► storage
    (HTTP)   (PyAV,     (copy or   (cut on       (names,     (bounded      (Cloud
             probe)     transcode) keyframes)    times)      queue)        Storage)

Each part knows only what is handed to it: the segmenter takes packets from anything that PyAV opens, and whatever
takes finished pieces can stand behind it.
"""
