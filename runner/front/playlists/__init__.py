"""Playlists that are made, when they are asked for, of those that are stored:

main.m3u8, main-vod.m3u8           the multivariant playlist: pictures and sound, and captions where words are heard
timed.m3u8, timed-vod.m3u8         the stored playlist, with an EXT-X-DATERANGE for each appearance of a logo
captions.m3u8, captions-vod.m3u8   captions, cut where the segments are
captions-{seq:08d}.vtt             the captions of a segment

`-vod` is the whole session, the others its live window. They lie beside the stored playlists, under the same grant.
"""
