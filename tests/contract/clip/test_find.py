"""/v1/find: OWLv2 compares a picture with words and with marks. The weights are random, so what it answers is compared
with what transformers' own code makes of the same picture."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient
from tests.contract.clip.conftest import BRANDS, TINY, TINY_OWL, jpeg

from clip.settings import Clip

if TYPE_CHECKING:
    from clip.service import Service

WORDS = ["car", "person"]
SIDES = ("x", "y", "width", "height")


def mark(image: np.ndarray) -> tuple[str, str]:
    """A mark's digest, and its file as a request has it."""
    data = cv2.imencode(".png", image)[1].tobytes()
    return hashlib.sha256(data).hexdigest()[:16], base64.b64encode(data).decode()


def find(client: FlaskClient, **fields: Any) -> Any:
    answer = client.post("/v1/find", json=fields)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.fixture(scope="module")
def library() -> Any:
    """The model as transformers loads and runs it."""
    from transformers import AutoTokenizer
    from transformers.models.owlv2.modeling_owlv2 import Owlv2ForObjectDetection

    return AutoTokenizer.from_pretrained(TINY_OWL), Owlv2ForObjectDetection.from_pretrained(TINY_OWL).float().eval()


def pixels(square: np.ndarray) -> Any:
    """A square (RGB) as transformers' model takes it."""
    from transformers.models.owlv2.image_processing_pil_owlv2 import Owlv2ImageProcessorPil

    plain = Owlv2ImageProcessorPil.from_pretrained(TINY_OWL, do_pad=False, do_resize=False)
    return plain(square, return_tensors="pt")["pixel_values"].float()


def test_words_are_found_where_transformers_finds_them(service: Service, library: Any, pictures: Any) -> None:
    import torch

    from clip.owl.model import Patches
    from clip.owl.pictures import square

    owl = service.owl
    assert owl
    tokenizer, model = library
    shown = square(pictures[0], owl.side)
    tokens = tokenizer(
        [f"a photo of a {word}" for word in WORDS], padding="max_length", max_length=16, return_tensors="pt"
    )
    # transformers takes a text that begins with token 0, as this tokenizer's do, for padding: it is compared by parts.
    with torch.inference_mode():
        said = model.owlv2.get_text_features(tokens["input_ids"], tokens["attention_mask"]).pooler_output
        grid = model.image_embedder(pixels(shown))[0]
        features = grid.flatten(1, 2)
        logits = model.class_predictor(features, said[None])[0][0].numpy()
        boxes = model.box_predictor(features, grid)[0].numpy()
    seen = Patches.of(owl.embed_images(shown[None])[0])
    assert seen.boxes == pytest.approx(boxes, abs=1e-4)
    queries = owl.embed_texts([f"a photo of a {word}" for word in WORDS])
    assert seen.logits(queries) == pytest.approx(logits, abs=1e-3)


def test_a_mark_is_looked_for_as_transformers_looks_for_it(service: Service, library: Any, pictures: Any) -> None:
    import torch

    from clip.owl.find import of_mark
    from clip.owl.model import Patches
    from clip.owl.pictures import square

    owl = service.owl
    assert owl
    _, model = library
    shown, asked = square(pictures[0], owl.side), square(pictures[3], owl.side)
    with torch.inference_mode():
        guided = model.image_guided_detection(pixel_values=pixels(shown), query_pixel_values=pixels(asked))
        chosen = model.objectness_predictor(model.image_embedder(pixels(asked))[0].flatten(1, 2))[0].argmax()
    box = guided.query_pred_boxes[0, chosen].numpy()  # the library asks with the thing that it is surest of
    query = of_mark(Patches.of(owl.embed_images(asked[None])[0]), np.concatenate([box[:2] - box[2:] / 2, box[2:]]))
    seen = Patches.of(owl.embed_images(shown[None])[0])
    assert seen.logits(query[None]) == pytest.approx(guided.logits[0].numpy(), abs=1e-3)


def test_boxes_are_those_of_the_picture_not_of_the_square(client: FlaskClient, pictures: Any) -> None:
    answer = find(client, images=[jpeg(pictures[0])], words=WORDS, threshold=0)
    found = answer["results"][0]["detections"]
    assert {one["label"] for one in found} == set(WORDS)
    assert {one["kind"] for one in found} == {"object"}
    assert [one["confidence"] for one in found] == sorted((one["confidence"] for one in found), reverse=True)
    assert all(0 <= one["box"][side] <= 1 for one in found for side in SIDES)
    # Of 16 to 9 the square's lower part is no picture: boxes that begin there are none, the others reach the bottom.
    assert max(one["box"]["y"] + one["box"]["height"] for one in found) == pytest.approx(1, abs=0.15)
    assert (answer["model"], answer["device"]) == (str(TINY_OWL), "cpu")


def test_a_mark_is_sent_once_and_then_named(client: FlaskClient, pictures: Any, marks: dict[str, np.ndarray]) -> None:
    digest, data = mark(marks["nike"])
    wanted = {"images": [jpeg(pictures[0])], "brands": [{"id": "nike", "marks": [digest]}], "threshold": 0}
    first = find(client, **wanted)
    assert (first["missing"], first["results"]) == ([digest], [])
    told = find(client, **wanted, marks={digest: data})
    found = told["results"][0]["detections"]
    assert found
    assert {(one["label"], one["kind"]) for one in found} == {("nike", "logo")}
    again = find(client, **wanted)
    assert "missing" not in again
    assert again["results"][0]["detections"] == found


def test_words_and_brands_are_looked_for_in_one_look(client: FlaskClient, pictures: Any) -> None:
    brands = [{"id": "acme", "prompts": ["the Acme logo"]}]
    both = find(client, images=[jpeg(pictures[0]), jpeg(pictures[1])], words=WORDS, brands=brands, threshold=0)
    apart = find(client, images=[jpeg(pictures[1])], brands=brands, threshold=0)
    assert [one for one in both["results"][1]["detections"] if one["kind"] == "logo"] == apart["results"][0][
        "detections"
    ]


def test_a_threshold_keeps_the_surer_ones(client: FlaskClient, pictures: Any) -> None:
    image = jpeg(pictures[0])
    everything, some = (
        find(client, images=[image], words=WORDS, threshold=least)["results"][0]["detections"] for least in (0, 0.6)
    )
    assert 0 < len(some) < len(everything)
    assert some == [one for one in everything if one["confidence"] >= 0.6]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "say what to look for: 'words', 'brands' or both"),
        ({"brands": [{"id": "a"}]}, "'brands[0]' must have 'marks' or 'prompts'"),
        ({"brands": [{"id": "a", "marks": ["nothex"]}]}, "brands"),
        ({"brands": [{"id": "a", "marks": ["0" * 16]}], "marks": {"0" * 16: "AAAA"}}, "SHA-256 begins otherwise"),
        ({"words": ["car"], "images": [{}]}, "'images[0]' must have 'content'"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(client: FlaskClient, fields: Any, says: str) -> None:
    picture = {"images": [jpeg(np.zeros((40, 60, 3), np.uint8))]}
    answer = client.post("/v1/find", json=picture | fields)
    assert answer.status_code == 400
    assert says in answer.json["detail"]


def test_a_service_without_owlv2_says_how_to_have_it(service: Service, pictures: Any) -> None:
    from clip.app import create_app
    from clip.service import Service

    plain = Service(Clip(model=str(TINY)), service.model)
    client = create_app(plain).test_client()
    answer = client.post("/v1/find", json={"images": [jpeg(pictures[0])], "words": WORDS})
    assert (answer.status_code, client.get("/info").json["owl"]) == (503, None)
    assert "OWL_MODEL" in answer.json["detail"]
    plain.close()


def test_what_is_no_owlv2_is_refused() -> None:
    from clip.owl.model import Owl

    with pytest.raises(ValueError, match="expected an OWLv2"):
        Owl(str(TINY), "cpu", offline=True)


def test_scenes_are_labels_of_the_whole_picture(client: FlaskClient, pictures: Any) -> None:
    scenes = ["the Nike logo", "a landscape"]
    asked = {"images": [jpeg(pictures[0])], "scenes": scenes, "threshold": 0}
    alone = client.post("/v1/detect", json=asked).json["results"][0]
    assert alone["detections"] == []
    assert {one["label"] for one in alone["labels"]} == set(scenes)
    assert sum(one["confidence"] for one in alone["labels"]) <= 1
    beside = client.post("/v1/detect", json={**asked, "brands": BRANDS}).json["results"][0]
    assert beside["labels"] == alone["labels"]
    assert beside["detections"]


def test_a_scene_is_told_from_another(
    service: Service, client: FlaskClient, pictures: Any, marks: dict[str, np.ndarray]
) -> None:
    """The tiny model knows twelve marks and no scenes: a picture that is one mark alone is a scene to it."""
    right = 0
    scenes = [brand["name"] + " logo" for brand in BRANDS]
    for brand in BRANDS:
        glyph = marks[brand["id"]]
        share = glyph[..., 3:] / 255.0
        plate = cv2.resize((245 * (1 - share) + glyph[..., :3] * share).astype(np.uint8), (320, 320))
        seen = client.post("/v1/detect", json={"images": [jpeg(plate)], "scenes": scenes, "threshold": 0}).json
        right += seen["results"][0]["labels"][0]["label"] == brand["name"] + " logo"
    assert right >= 6, f"{right} of {len(BRANDS)}"
