"""Documents of acting on what is seen: rules, channels, alerts, deliveries."""
