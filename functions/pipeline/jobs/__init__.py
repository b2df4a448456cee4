"""Cloud Run jobs that the pipeline starts."""
