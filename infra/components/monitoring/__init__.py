"""Alerts, metrics, checks, the dashboard and the budget."""
