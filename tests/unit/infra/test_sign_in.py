"""Sign-in as declared: the ways that are set, and no way without its client."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.infra.declared import declare, environment

from emulator.declaration.graph import Graph
from emulator.declaration.graph.errors import ProgramFailed

CONFIG = "gcp:identityplatform/config:Config"
GOOGLE = {"googleClientId": "g", "googleClientSecret": "s"}
OIDC = {"oidcIssuer": "https://id.example", "oidcClientId": "o"}


def test_passwords_and_links_prove_addresses_on_the_pages_of_the_deployment(graph: Graph) -> None:
    config = graph.named(CONFIG, "sign-in").inputs
    assert config["signIn"] == {"email": {"enabled": True, "passwordRequired": False}, "allowDuplicateEmails": False}
    host = graph.named("gcp:cloudrunv2/service:Service", "front").outputs["uri"].removeprefix("https://")
    assert config["authorizedDomains"] == ["acme-video.firebaseapp.com", host]


def test_other_providers_are_declared_with_their_clients_and_told_to_page_and_front(site: Path) -> None:
    found = declare(site, signIn="google,oidc.corp", tenant="acme", **GOOGLE, **OIDC)
    assert found.named(CONFIG, "sign-in").inputs["signIn"]["email"]["enabled"] is False
    google = found.named("DefaultSupportedIdpConfig", "sign-in-google").inputs
    assert (google["idpId"], google["clientId"], google["enabled"]) == ("google.com", "g", True)
    corp = found.named("OauthIdpConfig", "sign-in-oidc-corp").inputs
    assert (corp["name"], corp["issuer"], corp["clientId"]) == ("oidc.corp", "https://id.example", "o")
    told = json.loads(found.named("BucketObject", "config.json").inputs["content"])
    assert (told["signIn"], told["tenant"]) == (["google", "oidc.corp"], "acme")
    assert environment(found, "front")["SIGN_IN"] == "google,oidc.corp"
    assert environment(found, "front")["TENANT"] == "acme"
    rules = found.named("gcp:firebaserules/ruleset:Ruleset", "firestore")
    assert "return 'acme';" in rules.inputs["source"]["files"][0]["content"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"signIn": "carrier-pigeon"}, "invalid signIn='carrier-pigeon'"),
        ({"signIn": "google"}, "needs googleClientId and googleClientSecret"),
        ({"signIn": "oidc.corp"}, "needs oidcIssuer and oidcClientId"),
        ({"signIn": "oidc.a,oidc.b", **OIDC}, "more than one oidc.NAME"),
        ({"tenant": "It's"}, "tenant="),
    ],
)
def test_a_way_that_cannot_work_is_refused_before_anything_is_made(
    site: Path, config: dict[str, str], said: str
) -> None:
    with pytest.raises(ProgramFailed, match=said):
        declare(site, **config)
