"""Keys and leases for workloads that open what strangers send: they ask front, which alone uses the database."""
