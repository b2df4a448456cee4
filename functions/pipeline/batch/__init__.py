"""What waits for live streams: imports and reanalyses."""
