"""What other people's encoders, telephones and recorders send: each fault that one met elsewhere, and its siblings."""
