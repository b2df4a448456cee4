"""The transfer of bytes over HTTP: bodies, chunks, checksums, ranges, CORS headers."""
