"""Documents of people: members of tenants, and share links."""
