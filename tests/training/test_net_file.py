"""The file in which a net is taken home, as it is made and as somebody may have forged it."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from mnist.errors import UserError
from mnist.files import MODEL
from mnist.reading.classifier import Classifier
from mnist.training import architectures, net_file

pytestmark = pytest.mark.network

CARD = {"temperature": 1.5, "thresholds": {"digit": [-1.0] * 10, "sure": 0.7}}
SHIPPED = MODEL.with_suffix(".onnx").read_bytes()
SAMPLES = np.random.default_rng(4).random((5, 28, 28), np.float32)


def zipped(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, part in parts.items():
            archive.writestr(f"my-net.{suffix}", part)
    return content.getvalue()


def forged(network: bytes = SHIPPED, **card: Any) -> bytes:
    return zipped(onnx=network, json=json.dumps({**CARD, **card}).encode())


def claiming_little(network: bytes) -> bytes:
    """A file whose headers say that the network has ten bytes."""
    content, size = forged(network), len(network).to_bytes(4, "little")
    return content.replace(size, (10).to_bytes(4, "little"))


def changed(change: Callable[[onnx.GraphProto], object]) -> bytes:
    """The shipped network's file with a change."""
    model = onnx.ModelProto.FromString(SHIPPED)
    change(model.graph)
    return model.SerializeToString()


def weights(graph: onnx.GraphProto, dimensions: int) -> onnx.TensorProto:
    return next(each for each in graph.initializer if len(each.dims) == dimensions and each.data_type == 1)


def filled(dimensions: int, number: float) -> bytes:
    def change(graph: onnx.GraphProto) -> None:
        tensor = weights(graph, dimensions)
        tensor.CopyFrom(numpy_helper.from_array(np.full(tensor.dims, number, np.float32), tensor.name))

    return changed(change)


def test_what_is_taken_home_reads_the_same_and_keras_and_the_command_line_open_it(tmp_path: Any) -> None:
    keras.utils.set_random_seed(1)
    model = architectures.convolutional(4)
    model.set_weights([given + 0.01 for given in model.get_weights()])  # additions of 0, as at first, are left out
    content = net_file.packed(model, CARD)
    expected = np.asarray(model(SAMPLES, training=False))
    net = net_file.opened(content)
    assert np.allclose(net.network(SAMPLES), expected, atol=1e-4)
    assert net.card == CARD
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    again = keras.models.load_model(tmp_path / "my-net.keras")
    assert np.allclose(again(SAMPLES, training=False), expected, atol=1e-4)
    assert np.allclose(Classifier.load(tmp_path / "my-net.keras").network(SAMPLES), expected, atol=1e-4)


def test_only_numbers_are_taken_from_it() -> None:
    def cheat(graph: onnx.GraphProto) -> None:
        graph.node[1].attribute[3].ints[:] = [10**6] * 4  # pads a picture to 4 TB
        graph.node[2].op_type = "Loop"

    net = net_file.opened(forged(changed(cheat)))
    assert np.array_equal(net.network(SAMPLES), Classifier.load().network(SAMPLES))


@pytest.mark.parametrize("number", [np.nan, np.inf, 3e38])
def test_weights_that_are_no_numbers_give_logits_that_are(number: float) -> None:
    assert np.isfinite(net_file.opened(forged(filled(4, number))).network(SAMPLES)).all()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no ZIP", zipped(), zipped(onnx=SHIPPED), zipped(onnx=SHIPPED, json=b"{"),
        zipped(onnx=SHIPPED, json=b"3"), zipped(onnx=SHIPPED, json=b"[" * 100_000), forged(b"\xff" * 99),
        forged(temperature="warm"), forged(temperature=0.0), forged(temperature=float("nan")), forged(thresholds=3),
        forged(thresholds={"digit": 1}), forged(thresholds={"digit": [1.0] * 9, "sure": 0.7}),
        forged(bytes(net_file.MAX_BYTES + 1)),
        bytes(net_file.MAX_BYTES + 1), forged()[:-999],
        forged(temperature=[1]), forged(thresholds={"digit": [10**400] * 10, "sure": 1.0}),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_told(content: bytes) -> None:
    with pytest.raises(UserError, match="no net saved here"):
        net_file.opened(content)


def test_a_file_that_claims_to_be_small_takes_no_more_memory_than_is_allowed() -> None:
    content = claiming_little(bytes(50 * net_file.MAX_BYTES))
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match="no net saved here"):
            net_file.opened(content)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5 * net_file.MAX_BYTES


def widened(graph: onnx.GraphProto) -> None:
    tensor = weights(graph, 4)
    more = np.zeros([tensor.dims[0] + 1, *tensor.dims[1:]], np.float32)
    tensor.CopyFrom(numpy_helper.from_array(more, tensor.name))


def narrowed(graph: onnx.GraphProto) -> None:
    tensor = weights(graph, 4)
    tensor.CopyFrom(numpy_helper.from_array(np.zeros([1, *tensor.dims[1:]], np.float32), tensor.name))


def fewer_outputs(graph: onnx.GraphProto) -> None:
    for tensor in (weights(graph, 2), next(each for each in graph.initializer if list(each.dims) == [11])):
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor)[..., :10].copy(), tensor.name))


def elsewhere(graph: onnx.GraphProto) -> None:
    tensor = weights(graph, 4)
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")


@pytest.mark.parametrize(
    "change",
    [
        widened,
        narrowed,
        fewer_outputs,
        elsewhere,
        lambda graph: graph.node.pop(),
        lambda graph: graph.initializer.pop(1),
    ],
)
def test_a_net_that_is_built_in_another_way_is_told(change: Callable[[onnx.GraphProto], object]) -> None:
    with pytest.raises(UserError, match="not built like"):
        net_file.opened(forged(changed(change)))
