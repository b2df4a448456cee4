"""Workloads: functions, containers, a machine."""
