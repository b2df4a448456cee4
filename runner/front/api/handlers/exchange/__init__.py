"""Results in the shapes of other services."""
