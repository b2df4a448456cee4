"""The account of this process against emulators, whose tokens a metadata server hands out, as on Google Cloud.

On Google Cloud the libraries find the account themselves. Against an emulator the storage client would be anonymous, so
it is given this account. `google.auth.default()` would take the credentials of the person at this machine, which are
for Google alone, and ask Google which regions they are good for.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from google.auth.credentials import Credentials
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request

if TYPE_CHECKING:
    import grpc

_TIMEOUT = 10  # seconds


class LocalAccount(Credentials):
    """The account whose metadata server GCE_METADATA_HOST (host:port, a path after it) names."""

    def refresh(self, request: Any) -> None:
        """Gets a new token. Raises RefreshError, or TransportError if the server does not answer."""
        host = os.environ.get("GCE_METADATA_HOST", "")
        answer = request(
            f"http://{host}/computeMetadata/v1/instance/service-accounts/default/token",
            headers={"Metadata-Flavor": "Google"},
            timeout=_TIMEOUT,
        )
        if answer.status != 200:
            raise RefreshError(f"the metadata server at {host} gave no token: {answer.status}")
        token = json.loads(answer.data)
        self.token = token["access_token"]
        self.expiry = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=token["expires_in"])


def local_account() -> LocalAccount | None:
    """The account of this process; None unless GCE_METADATA_HOST names an emulator's metadata server."""
    return LocalAccount() if os.environ.get("GCE_METADATA_HOST") else None


def authorised(channel: grpc.Channel) -> grpc.Channel:
    """`channel` to an emulator, with the account's token on each call; unchanged without an account."""
    import grpc

    account = local_account()
    if account is None:
        return channel

    class Authorising(grpc.UnaryUnaryClientInterceptor):  # type: ignore[type-arg]
        def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
            if not account.valid:
                account.refresh(Request())
            metadata = [*(client_call_details.metadata or ()), ("authorization", f"Bearer {account.token}")]
            return continuation(client_call_details._replace(metadata=metadata), request)

    return grpc.intercept_channel(channel, Authorising())
