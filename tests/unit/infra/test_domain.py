"""A host name for the page, where one is wanted: a load balancer with a certificate and a CDN in front of front."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.infra.declared import ROOT, SERVICE, declare

from emulator.declaration.graph import Graph, lints, schema
from emulator.declaration.graph.errors import ProgramFailed

HOST = "watch.example.com"


@pytest.fixture(scope="module")
def graph(site: Path) -> Graph:
    return declare(site, domain=HOST, rtmpServer="true")


def test_there_is_no_load_balancer_unless_one_is_asked_for(site: Path) -> None:
    graph = declare(site)
    assert [r.label for r in graph.resources.values() if "compute" in r.type] == []
    assert graph.exports["webUrl"].startswith(graph.named(SERVICE, "front").outputs["uri"])
    assert "domainAddress" not in graph.exports


def test_the_page_is_found_under_the_host_and_its_address_is_told(graph: Graph) -> None:
    assert graph.exports["webUrl"] == f"https://{HOST}/"
    assert graph.exports["apiUrl"] == f"https://{HOST}/api"
    assert graph.exports["domainAddress"] == graph.named("GlobalAddress", "domain").outputs["address"]


def test_https_leads_to_front_with_the_host_s_certificate(graph: Graph) -> None:
    group = graph.named("RegionNetworkEndpointGroup", "domain")
    backend, urls = graph.named("BackendService", "domain"), graph.named("URLMap", "domain")
    proxy, rule = graph.named("TargetHttpsProxy", "domain"), graph.named("GlobalForwardingRule", "domain")
    certificate = graph.named("ManagedSslCertificate", "domain")
    assert group.inputs["cloudRun"] == {"service": graph.named(SERVICE, "front").outputs["name"]}
    assert [one["group"] for one in backend.inputs["backends"]] == [group.id]
    assert urls.inputs["defaultService"] == backend.id
    assert (proxy.inputs["urlMap"], proxy.inputs["sslCertificates"]) == (urls.id, [certificate.id])
    assert certificate.inputs["managed"] == {"domains": [HOST]}
    assert (rule.inputs["target"], rule.inputs["portRange"]) == (proxy.id, "443")
    assert rule.inputs["ipAddress"] == graph.exports["domainAddress"]
    assert graph.named("SSLPolicy", "domain").inputs["minTlsVersion"] == "TLS_1_2"


def test_http_is_sent_on_to_https(graph: Graph) -> None:
    rule, urls = graph.named("GlobalForwardingRule", "domain-http"), graph.named("URLMap", "domain-http")
    assert rule.inputs["target"] == graph.named("TargetHttpProxy", "domain").id
    assert (rule.inputs["portRange"], rule.inputs["ipAddress"]) == ("80", graph.exports["domainAddress"])
    redirect = urls.inputs["defaultUrlRedirect"]
    assert (redirect["httpsRedirect"], redirect["stripQuery"]) == (True, False)


def test_the_cdn_keeps_what_front_lets_it_keep_and_each_address_apart(graph: Graph) -> None:
    backend = graph.named("BackendService", "domain").inputs
    assert backend["enableCdn"] is True
    assert backend["cdnPolicy"]["cacheMode"] == "USE_ORIGIN_HEADERS"
    assert not {"defaultTtl", "maxTtl", "clientTtl"} & backend["cdnPolicy"].keys(), (
        "refused beside the origin's headers"
    )
    assert backend["cdnPolicy"]["cacheKeyPolicy"]["includeQueryString"] is True


def test_pages_of_the_host_may_use_the_browser_s_key(graph: Graph) -> None:
    restrictions = graph.named("ApiKey", "browser").inputs["restrictions"]["browserKeyRestrictions"]
    front = graph.named(SERVICE, "front").outputs["uri"]
    assert restrictions["allowedReferrers"] == [
        *(f"{front}/*", f"https://{HOST}/*", "https://acme-video.firebaseapp.com/*")
    ]


def test_what_is_in_use_gets_another_name_when_it_is_made_again(graph: Graph) -> None:
    for kind in ("ManagedSslCertificate", "RegionNetworkEndpointGroup"):
        assert "name" not in graph.named(kind, "domain").inputs


def test_schema_and_rules_are_kept_and_the_api_is_enabled_once(graph: Graph) -> None:
    assert schema.check(graph) == []
    assert lints.check(graph, ROOT) == []
    enabled = [api.name for api in graph.of("gcp:projects/service:Service")]
    assert enabled.count("compute") == 1


@pytest.mark.parametrize(
    "host", ["https://watch.example.com", "watch", "Watch.example.com", "a..b.com", f"{'a' * 60}.com"]
)
def test_what_is_no_host_name_is_refused(site: Path, host: str) -> None:
    with pytest.raises(
        ProgramFailed, match=r"invalid domain='.*': expected a host name in small letters, as watch\.example"
    ):
        declare(site, domain=host)
