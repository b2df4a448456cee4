"""The ingest service: a live video goes in over HTTP, HLS segments and playlists come out in Cloud Storage.

`publish` is the one way from a source of bytes to a session, under the stream's lease:

    body ──► source ──► tracks ──► segmenter ──► session ──► publisher ──► storage
    (HTTP)   (PyAV,     (copy or   (cut on       (names,     (bounded      (Cloud
             probe)     transcode) keyframes)    times)      queue)        Storage)

A broadcast holds them together for as long as its sender stays: it resumes the session that waits, opens the media
anew where their streams change (turning), and leaves the session ended or waiting (departure).

Each part knows only what is handed to it: the segmenter takes packets from anything that PyAV opens, and whatever
takes finished pieces can stand behind it.
"""
