"""Every resource is realised here, or listed with the reason why not."""

from __future__ import annotations

from emulator.declaration.graph import Graph, kinds

# Declared only where the settings rtmpServer, clipService, domain, alertEmail, budget and appCheckKey ask for
# them.
READY = {
    *(
        f"gcp:compute/{kind}"
        for kind in (
            *("address:Address", "firewall:Firewall", "instance:Instance", "network:Network"),
            *("backendService:BackendService", "globalAddress:GlobalAddress", "uRLMap:URLMap", "sSLPolicy:SSLPolicy"),
            *("targetHttpsProxy:TargetHttpsProxy", "targetHttpProxy:TargetHttpProxy"),
            "regionNetworkEndpointGroup:RegionNetworkEndpointGroup",
            "managedSslCertificate:ManagedSslCertificate",
            "globalForwardingRule:GlobalForwardingRule",
        )
    ),
    "gcp:monitoring/notificationChannel:NotificationChannel",
    "gcp:billing/budget:Budget",
    "gcp:identityplatform/oauthIdpConfig:OauthIdpConfig",
    "gcp:identityplatform/defaultSupportedIdpConfig:DefaultSupportedIdpConfig",
    "gcp:firebase/project:Project",
    "gcp:firebase/webApp:WebApp",
    "gcp:firebase/appCheckRecaptchaEnterpriseConfig:AppCheckRecaptchaEnterpriseConfig",
    "gcp:firebase/appCheckServiceConfig:AppCheckServiceConfig",
}


def declared_types(graph: Graph) -> set[str]:
    return {resource.type for resource in graph.resources.values() if not resource.is_component}


def test_every_declared_type_is_on_exactly_one_list(graph: Graph) -> None:
    assert declared_types(graph) <= kinds.REALISED.keys() | kinds.RECORDED.keys()
    assert not kinds.REALISED.keys() & kinds.RECORDED.keys()


def test_no_list_names_a_type_that_nobody_declares(graph: Graph) -> None:
    assert (kinds.REALISED.keys() | kinds.RECORDED.keys()) - declared_types(graph) == READY
