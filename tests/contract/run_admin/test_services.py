"""Services of the emulator of Cloud Run's Admin API, with Google's unpatched client."""

from __future__ import annotations

from typing import cast

import pytest
from google.api_core import exceptions
from google.cloud import run_v2
from google.cloud.run_v2.services.services.transports import ServicesGrpcTransport
from google.protobuf.field_mask_pb2 import FieldMask
from tests.contract.run_admin.conftest import PARENT, Emulator

from emulator.run_admin.registered import ServiceSpec, register

NAME = f"{PARENT}/services/clip"


@pytest.fixture
def services(emulator: Emulator) -> run_v2.ServicesClient:
    spec = ServiceSpec(NAME, "http://127.0.0.1:1", "image", "clip@p.iam.gserviceaccount.com", max_instances=1)
    register(emulator.folder / "jobs", spec)
    return run_v2.ServicesClient(transport=ServicesGrpcTransport(channel=emulator.channel))


def update(services: run_v2.ServicesClient, least: int, *paths: str) -> run_v2.Service:
    service = run_v2.Service(name=NAME, scaling=run_v2.ServiceScaling(min_instance_count=least))
    request = run_v2.UpdateServiceRequest(service=service, update_mask=FieldMask(paths=paths))
    return cast(run_v2.Service, services.update_service(request).result(60))


def test_a_service_is_told_as_it_was_declared(services: run_v2.ServicesClient) -> None:
    found = services.get_service(name=NAME)
    assert (found.name, found.uri, found.scaling.min_instance_count) == (NAME, "http://127.0.0.1:1", 0)
    assert (found.template.scaling.max_instance_count, found.template.containers[0].image) == (1, "image")


def test_its_least_number_of_instances_can_be_changed_and_stays_so(services: run_v2.ServicesClient) -> None:
    assert update(services, 1, "scaling.min_instance_count").scaling.min_instance_count == 1
    found = services.get_service(name=NAME)
    assert (found.scaling.min_instance_count, found.generation) == (1, 2)
    assert update(services, 0, "scaling").scaling.min_instance_count == 0


def test_nothing_else_can_be_changed(services: run_v2.ServicesClient) -> None:
    for paths in ((), ("template",), ("scaling", "traffic")):
        with pytest.raises(exceptions.MethodNotImplemented):
            update(services, 1, *paths)


def test_a_service_that_was_not_declared_does_not_exist(services: run_v2.ServicesClient) -> None:
    with pytest.raises(exceptions.NotFound):
        services.get_service(name=f"{PARENT}/services/other")
    with pytest.raises(exceptions.InvalidArgument):
        services.get_service(name="clip")
