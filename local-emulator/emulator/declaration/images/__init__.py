"""What a container image holds, read from its Dockerfile and from .dockerignore."""
