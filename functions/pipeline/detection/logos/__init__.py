"""Finds brand marks in a picture from one or a few reference pictures of each, on one CPU core. No training.

    gallery = Gallery.load([Mark("acme", cv2.imread("acme.png", cv2.IMREAD_UNCHANGED)), ...])
    for match in gallery.find(frame_bgr): ...

Flat marks are found by the shape of their connected regions (`regions`, `shapes`), textured ones by SIFT keypoints
(`keypoints`); `gallery` joins the two, and `verify` looks again at full size.
"""

from .gallery import THRESHOLD, Gallery
from .model import LogoMatch, Mark

__all__ = ["THRESHOLD", "Gallery", "LogoMatch", "Mark"]
