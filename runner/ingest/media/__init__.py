"""Media: from the bytes of a sender to MPEG-TS pieces on one clock. Knows neither HTTP nor Google Cloud."""
