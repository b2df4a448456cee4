"""Child processes: started, kept running, watched for readiness, memory and logs, and stopped as a whole tree."""
