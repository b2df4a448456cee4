"""What the models of the service share: how they are loaded, and how sure they are."""
