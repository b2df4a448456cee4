"""The project that everything is declared in."""
