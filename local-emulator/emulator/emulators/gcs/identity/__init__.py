"""Identities and permissions: access tokens, signed URLs, IAM policies."""
