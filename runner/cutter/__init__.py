"""The cutter: makes clips, reels and stills of a session's segments, one segment in memory at a time.

    tracks ──► parts ──► segments ──► copied, or decoded, drawn on and encoded ──► MP4 ──► clips/
    (Firestore)          (GCS)                                                     (file)  (GCS)

It runs as a Cloud Run job, one execution per clip. Its document says what to cut; an attempt that was killed can simply
be repeated.
"""
