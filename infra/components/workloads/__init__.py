"""What runs: functions, containers, a machine."""
