"""The file in which visitors take home the net that they trained, and from which it is opened again.

It is a ZIP of what every trained network consists of: my-net.keras, its form to read with (my-net.onnx) and its card
(my-net.json). Unpacked, `python -m mnist predict --model my-net.keras` reads with it.
"""

import io
import json
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from mnist.errors import UserError
from mnist.files import MODEL
from mnist.packages import check_tensorflow
from mnist.reading.classifier import Classifier
from mnist.reading.network import SUFFIX, Network, from_onnx
from mnist.reading.outputs import NO_DIGIT

NAME = "my-net"
MAX_BYTES = 2_000_000  # of the file, and of each part unpacked; the shipped network has 1.7 MB
TEMPERATURES = (0.01, 100.0)  # least and largest; training fits 0.25 to 4
MAX_LOGIT = 1e6  # forged weights give any number, or none
FORGED = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, TypeError, RuntimeError, OverflowError,
)  # fmt: skip
NO_NET = "This file is no net saved here."
OTHER_NET = "This net is not built like those that learn here."


def packed(model: Any, card: dict[str, Any]) -> bytes:
    """Return the file of a keras.Model and its card, which is given the checksums."""
    from mnist.training.card import write_model

    content = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        write_model(model, card, Path(folder) / f"{NAME}.keras")
        for path in sorted(Path(folder).iterdir()):
            archive.write(path, path.name)
    return content.getvalue()


def opened(content: bytes) -> Classifier:
    """Return the classifier in such a file, which anybody may have made.

    Only numbers are taken from it: its .keras is not opened, and its ONNX form not run, for a graph of somebody's own
    could take any time and memory.
    Raises UserError if it is no such file, or its net is built in another way.
    """
    if len(content) > MAX_BYTES:
        raise UserError(NO_NET)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            network, card = (_part(archive, NAME + suffix) for suffix in (SUFFIX, ".json"))
        stated = json.loads(card)
        temperature, sure = float(stated["temperature"]), float(stated["thresholds"]["sure"])
        digit = list(map(float, stated["thresholds"]["digit"]))
    except FORGED as error:
        raise UserError(NO_NET) from error
    are_numbers = len(digit) == NO_DIGIT and np.isfinite([temperature, sure, *digit]).all()
    if not (are_numbers and TEMPERATURES[0] <= temperature <= TEMPERATURES[1]):
        raise UserError(NO_NET)
    logits = _rebuilt(network)
    return Classifier(
        lambda samples: np.clip(np.nan_to_num(logits(samples)), -MAX_LOGIT, MAX_LOGIT),
        {"temperature": temperature, "thresholds": {"digit": digit, "sure": sure}},
    )


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one file, MAX_BYTES at most, whatever its header claims."""
    part = archive.getinfo(name)
    if part.compress_type != zipfile.ZIP_DEFLATED:  # others may ask for any memory
        raise UserError(NO_NET)
    with archive.open(part) as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UserError(NO_NET)
    return content


def _rebuilt(network: bytes) -> Network:
    """Return the shipped network with the weights of another ONNX file, which has the same steps and no more weights.

    Raises UserError if it is no ONNX file or has other steps.
    """
    check_tensorflow()  # with it comes `onnx`
    import onnx
    from google.protobuf.message import DecodeError
    from onnx import numpy_helper

    model = onnx.ModelProto.FromString(MODEL.with_suffix(SUFFIX).read_bytes())
    try:
        given = onnx.ModelProto.FromString(network).graph
        weights = {each.name: each for each in given.initializer}
        ours = {each.name: each for each in model.graph.initializer}
        for node, other in zip(model.graph.node, given.node, strict=True):
            for name, others in zip(node.input, other.input, strict=True):
                if name in ours and ours[name].data_type == onnx.TensorProto.FLOAT:
                    ours[name].CopyFrom(numpy_helper.from_array(_no_larger(weights[others], ours[name]), name))
        logits = from_onnx(model.SerializeToString())
        outputs = logits(np.zeros((1, 28, 28), np.float32)).shape[1]  # weights that do not fit together fail here
        if outputs != NO_DIGIT + 1:
            raise ValueError(f"it has {outputs} outputs")
    except DecodeError as error:
        raise UserError(NO_NET) from error
    except Exception as error:  # ONNX's and ONNX Runtime's have nothing in common
        raise UserError(OTHER_NET) from error
    return logits


def _no_larger(given: Any, ours: Any) -> np.ndarray:
    """Return a weight tensor as an array (float32). Raises ValueError if it is larger than ours in any direction."""
    from onnx import TensorProto, numpy_helper

    if (
        given.data_type != TensorProto.FLOAT
        or given.data_location != TensorProto.DEFAULT
        or len(given.dims) != len(ours.dims)
        or any(not 0 < n <= most for n, most in zip(given.dims, ours.dims, strict=True))
    ):
        raise ValueError(f"{given.name}: {list(given.dims)} numbers, where {list(ours.dims)} are the most")
    return np.asarray(numpy_helper.to_array(given))
