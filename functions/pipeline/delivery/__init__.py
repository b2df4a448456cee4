"""Delivery of alerts to channels."""
