"""What goes wrong, and where it is said: in a picture's response, or for the whole call."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import vision
from google.rpc import code_pb2
from tests.contract.vision.conftest import Storage
from tests.contract.vision.pictures import LOGO, SAFE_SEARCH, TEXT, encoded, features, request, with_crown
from tests.unit.logos.drawn_marks import landscape

Client = vision.ImageAnnotatorClient


def error_of(client: Client, image: vision.Image, *types: vision.Feature.Type) -> tuple[int, str]:
    asked = vision.AnnotateImageRequest(image=image, features=features(*types))
    [response] = client.batch_annotate_images(requests=[asked]).responses
    assert not response.logo_annotations
    return response.error.code, response.error.message


def from_storage(uri: str) -> vision.Image:
    return vision.Image(source=vision.ImageSource(gcs_image_uri=uri))


def test_what_is_no_picture_is_bad_image_data(client: Client) -> None:
    image = vision.Image(content=b"not a picture")
    assert error_of(client, image, LOGO) == (code_pb2.INVALID_ARGUMENT, "Bad image data.")


def test_a_picture_of_too_many_pixels_is_bad_image_data(client: Client) -> None:
    side = (9000).to_bytes(4, "big")
    head = encoded(landscape(1, 64, 64))
    claims_81_megapixels = head[:16] + side + side + head[24:]
    assert error_of(client, vision.Image(content=claims_81_megapixels), LOGO)[0] == code_pb2.INVALID_ARGUMENT


def test_an_empty_image_is_an_invalid_argument(client: Client) -> None:
    code, message = error_of(client, vision.Image(), LOGO)
    assert (code, message) == (code_pb2.INVALID_ARGUMENT, "Request must specify image and features.")


def test_no_features_are_an_invalid_argument(client: Client) -> None:
    code, message = error_of(client, vision.Image(content=with_crown()[0]))
    assert (code, message) == (code_pb2.INVALID_ARGUMENT, "Request must specify image and features.")


def test_a_missing_object_is_not_found(client: Client) -> None:
    code, message = error_of(client, from_storage("gs://media/missing.jpg"), LOGO)
    assert (code, message) == (code_pb2.NOT_FOUND, "Error opening file: gs://media/missing.jpg.")


@pytest.mark.parametrize(("status", "code"), [(403, code_pb2.PERMISSION_DENIED), (503, code_pb2.UNAVAILABLE)])
def test_what_storage_refuses_is_passed_on(client: Client, storage: Storage, status: int, code: int) -> None:
    uri = storage.put(f"refused-{status}.jpg", b"")
    storage.statuses[f"media/refused-{status}.jpg"] = status
    assert error_of(client, from_storage(uri), LOGO)[0] == code


def test_an_object_that_is_too_large_is_refused(client: Client, storage: Storage) -> None:
    uri = storage.put("large.bin", bytes(20 * 1024 * 1024 + 1))
    code, message = error_of(client, from_storage(uri), LOGO)
    assert code == code_pb2.INVALID_ARGUMENT
    assert "20971520" in message


@pytest.mark.parametrize("uri", ["gs://", "gs://bucket", "gs://bucket/"])
def test_a_malformed_address_is_an_invalid_argument(client: Client, uri: str) -> None:
    code, message = error_of(client, from_storage(uri), LOGO)
    assert (code, message) == (code_pb2.INVALID_ARGUMENT, f"Invalid GCS path specified: {uri}")


def test_an_address_on_the_web_is_not_fetched(client: Client) -> None:
    image = vision.Image(source=vision.ImageSource(image_uri="http://127.0.0.1:1/a.jpg"))
    assert error_of(client, image, LOGO)[0] == code_pb2.PERMISSION_DENIED


def test_a_feature_that_is_not_emulated_is_named(client: Client) -> None:
    image = vision.Image(content=with_crown()[0])
    code, message = error_of(client, image, LOGO, SAFE_SEARCH)
    assert code == code_pb2.UNIMPLEMENTED
    assert "SAFE_SEARCH_DETECTION is not emulated" in message


def test_an_unknown_model_of_a_feature_is_refused(client: Client) -> None:
    asked = request(with_crown()[0], LOGO)
    asked.features[0].model = "builtin/newest"
    [response] = client.batch_annotate_images(requests=[asked]).responses
    assert (response.error.code, response.error.message) == (
        code_pb2.INVALID_ARGUMENT,
        "Unsupported model: 'builtin/newest'.",
    )


def test_one_bad_picture_does_not_spoil_the_others(client: Client) -> None:
    good, bad = request(with_crown()[0], LOGO), request(b"x", LOGO)
    first, second, third = client.batch_annotate_images(requests=[good, bad, good]).responses
    assert [bool(response.logo_annotations) for response in (first, second, third)] == [True, False, True]
    assert second.error.code == code_pb2.INVALID_ARGUMENT


def test_seventeen_pictures_are_refused_as_a_whole(client: Client) -> None:
    with pytest.raises(exceptions.InvalidArgument, match="Too many images per request"):
        client.batch_annotate_images(requests=[request(b"x", TEXT)] * 17)


def test_no_picture_is_refused_as_a_whole(client: Client) -> None:
    with pytest.raises(exceptions.InvalidArgument):
        client.batch_annotate_images(requests=[])


def test_more_than_can_wait_is_refused_for_now(client: Client) -> None:
    picture = request(encoded(landscape(2)), LOGO)
    annotate: Any = client.transport.batch_annotate_images  # a gRPC callable, which its type does not say
    calls = [annotate.future(_batch(picture)) for _ in range(8)]
    codes = [call.code() for call in calls]  # waits for each
    assert set(codes) == {grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED}
    refused = calls[codes.index(grpc.StatusCode.RESOURCE_EXHAUSTED)]
    assert "images are being annotated" in refused.details()


def _batch(picture: vision.AnnotateImageRequest) -> vision.BatchAnnotateImagesRequest:
    return vision.BatchAnnotateImagesRequest(requests=[picture] * 16)


def test_another_call_is_named(client: Client) -> None:
    with pytest.raises(exceptions.MethodNotImplemented, match="ImageAnnotator/BatchAnnotateFiles is not emulated"):
        client.batch_annotate_files(requests=[])
