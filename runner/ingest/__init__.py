"""The ingest service: takes live video over HTTP and writes HLS segments and playlists to Cloud Storage.

`publish` is the one way from a source of bytes to a session, under the stream's lease:

    body ──► source ──► tracks ──► segmenter ──► session ──► publisher ──► storage
    (HTTP)   (PyAV,     (copy or   (cut on       (names,     (bounded      (Cloud
             probe)     transcode) keyframes)    times)      queue)        Storage)

A broadcast runs this pipeline while its sender stays: it resumes the session that waits, reopens the media where their
tracks change (track_changes), and leaves the session ended or waiting (close_session).

Each part knows only its neighbours' types: the segmenter takes packets of anything that PyAV opens, and its pieces fit
any consumer.
"""
