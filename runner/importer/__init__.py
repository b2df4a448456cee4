"""The importer: turns an uploaded file into a session, as fast as it can be read, in constant memory.

    object ──► remote file ──► open_media, segmenter, publisher (package `ingest`) ──► segments, playlists
    (GCS)      (ranged reads)

It runs as a Cloud Run job, one execution per generation of an object. Names, times and segments derive from that
generation, so that an attempt that was killed can simply be repeated.
"""
