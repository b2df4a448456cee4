"""Acting on what is seen: rules, channels, alerts."""
