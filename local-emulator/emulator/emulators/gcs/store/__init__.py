"""Where things are kept: `catalog` for names and metadata, `blobs` for bytes."""
