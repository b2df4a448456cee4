"""The domain: types, names, settings and errors. Pure."""
