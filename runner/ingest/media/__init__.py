"""Media: from a sender's bytes to MPEG-TS pieces on one clock. Knows neither HTTP nor Google Cloud."""
