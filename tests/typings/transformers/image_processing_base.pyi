from typing import Any

class ImageProcessingMixin:
    @classmethod
    def get_image_processor_dict(cls, name: str, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]: ...
