"""Google Cloud: clients, events, objects, logs, metrics and traces."""
