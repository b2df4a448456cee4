"""Sign-in: Firebase Auth proves that a person has an e-mail address. Rights stand in our own documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import identityplatform

from ..project.cloud import Cloud, Component

PASSWORD, LINK, GOOGLE, OIDC = "password", "link", "google", "oidc."


@dataclass(frozen=True, slots=True)
class Client:
    """The OAuth client of this deployment at a provider. `issuer` is for OpenID Connect."""

    id: str | None
    secret: pulumi.Output[str] | None
    issuer: str | None = None


class SignIn(Component):
    """The ways to sign in: `password`, `link` (one in an e-mail), `google`, and `oidc.NAME` (OpenID Connect).

    Everyone may make an account: it opens nothing until an administrator has made its address a member. `domain` is
    the host of Firebase's own pages, which talk to Google and to OpenID Connect.
    """

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        ways: Sequence[str],
        hosts: Sequence[pulumi.Input[str]],
        google: Client,
        oidc: Client,
    ) -> None:
        """`hosts`: of the pages that people sign in on. Raises ValueError for an unknown way, or without its client."""
        super().__init__(name, cloud)
        _check(ways, google, oidc)
        self.domain = f"{cloud.project}.firebaseapp.com"
        email = identityplatform.ConfigSignInEmailArgs(
            enabled=PASSWORD in ways or LINK in ways,
            password_required=LINK not in ways,
        )
        config = identityplatform.Config(
            name,
            sign_in=identityplatform.ConfigSignInArgs(email=email, allow_duplicate_emails=False),
            authorized_domains=[self.domain, *hosts],
            opts=self.child(),
        )
        if GOOGLE in ways:
            identityplatform.DefaultSupportedIdpConfig(
                f"{name}-google",
                idp_id="google.com",
                client_id=google.id or "",
                client_secret=google.secret or "",
                enabled=True,
                opts=self.child(config),
            )
        for way in (way for way in ways if way.startswith(OIDC)):
            identityplatform.OauthIdpConfig(
                f"{name}-{way.replace('.', '-')}",
                name=way,
                display_name=way.removeprefix(OIDC),
                issuer=oidc.issuer or "",
                client_id=oidc.id or "",
                client_secret=oidc.secret,
                enabled=True,
                opts=self.child(config),
            )
        self.register_outputs({})


def _check(ways: Sequence[str], google: Client, oidc: Client) -> None:
    unknown = [way for way in ways if way not in (PASSWORD, LINK, GOOGLE) and not way.startswith(OIDC)]
    if unknown or not ways:
        raise ValueError(f"invalid signIn={','.join(ways)!r}: expected some of password, link, google and oidc.NAME")
    if GOOGLE in ways and not (google.id and google.secret):
        raise ValueError("signIn has google, which needs googleClientId and googleClientSecret")
    if len([way for way in ways if way.startswith(OIDC)]) > 1:
        raise ValueError("signIn has more than one oidc.NAME: expected one")
    if any(way.startswith(OIDC) for way in ways) and not (oidc.id and oidc.issuer):
        raise ValueError("signIn has oidc.NAME, which needs oidcIssuer and oidcClientId")
