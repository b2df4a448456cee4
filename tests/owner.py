"""The owner's credentials, for what a test itself does in an emulator of Cloud Storage.

One that a test starts alone takes every request with an `Authorization` header for the owner's. In the running stack
`pipeline.cloud.clients` has the owner's account from the environment that the fixture `stack` sets.
"""

from __future__ import annotations

from google.oauth2.credentials import Credentials

from emulator.accounts import metadata_host

ACCOUNT = "test@test-project.iam.gserviceaccount.com"
HEADERS = {"Authorization": "Bearer any"}


def credentials() -> Credentials:
    """For a client library."""
    return Credentials("any")


def environment(port: int) -> dict[str, str]:
    """The variables of a process that uses the emulator at `port`, through `pipeline.cloud.clients`."""
    return {
        "STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{port}",
        "GCE_METADATA_HOST": metadata_host(f"127.0.0.1:{port}", ACCOUNT),
    }
