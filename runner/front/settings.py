"""The settings of the front door."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.domain.settings import load, setting


@dataclass(frozen=True, slots=True)
class Front:
    """The settings of one instance."""

    site_bucket: str = setting("SITE_BUCKET", "bucket of the page's files")
    grant_secret: str = setting("GRANT_SECRET", "key that grants of media are made with (HMAC-SHA256)")
    signing_id: str = setting("SIGNING_ID", "access id of the HMAC key that addresses of Cloud Storage are signed with")
    signing_secret: str = setting("SIGNING_SECRET", "secret of that HMAC key")
    grant_seconds: int = setting("GRANT_SECONDS", "least seconds that a grant of a stream's media lasts", 3600)
    sign_in: tuple[str, ...] = setting(
        "SIGN_IN", "ways to sign in, separated by commas: `password`, `link`, `google`, `oidc.NAME`", ("password",)
    )
    firestore_browser_host: str = setting(
        "FIRESTORE_BROWSER_HOST", "HOST:PORT that browsers use instead of Firestore; set by the local stack", ""
    )
    app_check_app: str = setting(
        "APP_CHECK_APP",
        "id of the page's app, whose App Check tokens sign-in and share links demand, if it is set",
        "",
    )
    max_requests: int = setting("MAX_REQUESTS", "requests that one instance of front answers at a time", 40)


@cache
def front() -> Front:
    """The settings of this process."""
    return load(Front)
