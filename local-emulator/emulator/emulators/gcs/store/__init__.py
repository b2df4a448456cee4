"""Storage: `catalog` for names and metadata, `blobs` for bytes."""
