"""Internal routes: keys, leases and pushes for the workloads that publish, which have no right to the database."""
