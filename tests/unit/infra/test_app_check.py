"""App Check as declared: with its setting the services that browsers call demand its tokens, and without it none."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from tests.unit.infra.declared import declare, environment

from emulator.declaration.graph import Graph
from emulator.declaration.graph.lints import LINTS
from emulator.declaration.graph.lints.access import app_check

CONFIG = "gcp:firebase/appCheckServiceConfig:AppCheckServiceConfig"


def told(graph: Graph) -> object:
    """What the page is told of it."""
    return json.loads(graph.named("BucketObject", "config.json").inputs["content"])["appCheck"]


def test_without_the_setting_nothing_is_demanded(graph: Graph) -> None:
    assert (told(graph), graph.of(CONFIG)) == (None, [])
    assert "APP_CHECK_APP" not in environment(graph, "front")
    assert list(app_check(graph)) == []


def test_with_a_site_key_google_s_services_and_front_demand_what_the_page_sends(site: Path) -> None:
    found = declare(site, appCheckKey="6Lsite")
    app = found.named("gcp:firebase/webApp:WebApp", "app-check").outputs["appId"]
    assert told(found) == {"app": app, "siteKey": "6Lsite"}
    assert environment(found, "front")["APP_CHECK_APP"] == app
    proof = found.named("AppCheckRecaptchaEnterpriseConfig", "app-check").inputs
    assert (proof["appId"], proof["siteKey"]) == (app, "6Lsite")
    enforced = {one.inputs["serviceId"]: one.inputs["enforcementMode"] for one in found.of(CONFIG)}
    assert enforced == dict.fromkeys(("firestore.googleapis.com", "identitytoolkit.googleapis.com"), "ENFORCED")
    [key] = found.of("gcp:projects/apiKey:ApiKey")
    assert [fault for lint in LINTS for fault in lint(found)] == []
    services = {one["service"] for one in key.inputs["restrictions"]["apiTargets"]}
    assert "firebaseappcheck.googleapis.com" in services


def test_the_lint_finds_a_service_that_demands_nothing_and_a_front_that_does_not_look(site: Path) -> None:
    found = declare(site, appCheckKey="6Lsite")
    kept = {urn: one for urn, one in found.resources.items() if not (one.type == CONFIG and "firestore" in one.name)}
    [fault] = app_check(dataclasses.replace(found, resources=kept))
    assert fault == "App Check: firestore.googleapis.com must be ENFORCED exactly where config.json names a site key"
    front = found.named("gcp:cloudrunv2/service:Service", "front")
    envs = front.inputs["template"]["containers"][0]["envs"]
    envs[:] = [one for one in envs if one["name"] != "APP_CHECK_APP"]
    assert list(app_check(found)) == ["Service front: needs the page's APP_CHECK_APP, so that tokens are checked"]
