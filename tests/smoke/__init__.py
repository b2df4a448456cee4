"""Checks a deployment from outside, through its public addresses alone, and cleans up after itself.

    make smoke URL=$(pulumi stack output webUrl) KEY=$(pulumi stack output adminKey --show-secrets)

Each step says what it found. One that fails says what was wrong, where to look in the logs, and which runbook helps;
the steps that build on it are skipped, and the exit status is 1. What it makes are a stream `smoke-…` and its sessions.
"""
