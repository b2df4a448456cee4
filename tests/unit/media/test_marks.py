import io
import json
import tarfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from emulator.sample.media import marks
from pipeline.domain.errors import Unavailable

SQUARE = "M6 6H18V12H6Z"  # twice as wide as high


def archive(folder: Path, body: str) -> Path:
    path = folder / "icons.tgz"
    with tarfile.open(path, "w:gz") as package:
        for mark in marks.CATALOG:
            member = tarfile.TarInfo(f"package/icons/{mark.brand}.svg")
            member.size = len(body)
            package.addfile(member, io.BytesIO(body.encode()))
    return path


def test_a_mark_is_cut_to_its_ink_and_drawn_in_its_colour() -> None:
    picture = marks.draw(SQUARE, "#0070d1", 200)
    assert picture.shape == (100, 200, 4)
    assert (picture[50, 100] == (0xD1, 0x70, 0x00, 255)).all()
    alpha = picture[:, :, 3]
    assert alpha[0].max() > 127 and alpha[-1].max() > 127
    assert alpha[:, 0].max() > 127 and alpha[:, -1].max() > 127


def test_the_gallery_lists_every_file_it_writes(tmp_path: Path) -> None:
    marks.write_gallery(tmp_path, archive(tmp_path, f'<svg><path d="{SQUARE}"/></svg>'), 7)
    listing = json.loads((tmp_path / "marks.json").read_text())
    assert list(listing) == [mark.brand for mark in marks.CATALOG[:7]]
    for brand, facts in listing.items():
        assert facts["name"]
        assert set(facts["files"]) == {f"{brand}/{file.name}" for file in (tmp_path / brand).iterdir()}
        for file in facts["files"]:
            picture = cv2.imread(str(tmp_path / file), cv2.IMREAD_UNCHANGED)
            assert picture is not None and picture.shape[2] == 4
            assert max(picture.shape) == marks.REFERENCE_SIDE
    assert listing["nike"]["files"] == ["nike/black.png"]  # its colour is black
    assert listing["spotify"]["files"] == ["spotify/black.png", "spotify/color.png"]


def test_an_icon_that_is_not_one_path_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'nike'"):
        marks.write_gallery(tmp_path, archive(tmp_path, "<svg><circle/></svg>"), 6)


def test_an_archive_that_is_not_the_pinned_one_is_removed(tmp_path: Path) -> None:
    wrong = tmp_path / f"simple-icons-{marks.VERSION}.tgz"
    wrong.write_bytes(b"half an archive")
    with pytest.raises(Unavailable, match="run this again"):
        marks.fetch(tmp_path)
    assert not wrong.exists()


def test_the_catalogue_names_each_brand_once() -> None:
    assert len({mark.brand for mark in marks.CATALOG}) == len(marks.CATALOG) == 12
    assert all(np.array([len(mark.color) == 7, mark.color[0] == "#"]).all() for mark in marks.CATALOG)
