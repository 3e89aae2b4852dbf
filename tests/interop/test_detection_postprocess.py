"""The custom operator TFLite_Detection_PostProcess against LiteRT and TFLite Micro, and options that are wrong."""

import numpy as np
import pytest

import compare
import judge
import ours
import tflm
from single_op import Network

NAME = "TFLite_Detection_PostProcess"
OPTIONS = {"max_detections": 10, "max_classes_per_detection": 1, "detections_per_class": 100,
           "use_regular_nms": False, "nms_score_threshold": 0.3, "nms_iou_threshold": 0.5, "num_classes": 5,
           "y_scale": 10.0, "x_scale": 10.0, "h_scale": 5.0, "w_scale": 5.0}
# Options, boxes, whether the scores have a background, the type of boxes and scores. Codes make many equal scores.
CASES = {
    "fast": ({}, 200, True, "float32"),
    "fast without background": ({"num_classes": 7}, 50, False, "float32"),
    "fast, three classes a box": ({"max_classes_per_detection": 3}, 200, True, "float32"),
    "fast, more classes than there are": ({"max_classes_per_detection": 8, "num_classes": 4}, 90, False, "float32"),
    "fast of codes": ({"max_detections": 40}, 300, True, "uint8"),
    "fast of codes, three classes a box": ({"max_classes_per_detection": 3, "num_classes": 90}, 300, True, "uint8"),
    "regular": ({"use_regular_nms": True}, 200, True, "float32"),
    "regular, few a class": ({"use_regular_nms": True, "detections_per_class": 2, "max_detections": 25}, 80, True,
                             "float32"),
    "regular, more than there are": ({"use_regular_nms": True, "max_detections": 200}, 30, False, "float32"),
    "regular of codes": ({"use_regular_nms": True, "nms_iou_threshold": 0.9}, 300, True, "uint8"),
    "left-out options": ({"detections_per_class": None, "use_regular_nms": None}, 100, True, "float32"),
    "integers for reals": ({"y_scale": 10, "x_scale": 10, "h_scale": 5, "w_scale": 5, "nms_iou_threshold": 1}, 60,
                           True, "float32"),
}
SAMPLES = 6


def options_of(given):
    return {key: value for key, value in (OPTIONS | given).items() if value is not None}


def network(rng, given, boxes, background, dtype, box_size=4):
    options = options_of(given)
    classes = options["num_classes"] + background
    anchors = np.concatenate([rng.random((boxes, 2)), 0.1 + 0.3 * rng.random((boxes, 2))], 1).astype(np.float32)
    net = Network()
    if dtype == "float32":
        x = net.input([1, boxes, box_size], dtype)
        scores = net.input([1, boxes, classes], dtype)
        anchor = net.constant(anchors)
        data = [rng.normal(0, 2, [SAMPLES, boxes, box_size]).astype(np.float32),
                rng.random([SAMPLES, boxes, classes]).astype(np.float32)]
    else:
        x = net.input([1, boxes, box_size], dtype, scale=0.07, zero_point=120)
        scores = net.input([1, boxes, classes], dtype, scale=1 / 256, zero_point=3)
        anchor = net.constant(np.round(anchors * 200).astype(np.uint8), scale=0.005, zero_point=0)
        data = [rng.integers(0, 256, [SAMPLES, boxes, box_size]).astype(np.uint8),
                rng.integers(0, 256, [SAMPLES, boxes, classes]).astype(np.uint8)]
    count = options["max_detections"] * options["max_classes_per_detection"]
    outputs = [net.tensor(shape, "float32") for shape in ([1, count, 4], [1, count], [1, count], [1])]
    net.custom_op_to(NAME, [x, scores, anchor], outputs, options)
    return net.finish(outputs), data


def detected(outputs, listed):
    """The outputs with zeros where nothing was detected: LiteRT leaves there what its memory held. `listed`: how
    many places each detection takes, and how many of them are filled."""
    places, filled = listed
    boxes, classes, scores, count = (np.array(each) for each in outputs)
    count = count.reshape(-1)
    at = np.arange(boxes.shape[1])
    shown = (at // places < count[:, None]) & (at % places < filled)
    return [np.where(shown[..., None], boxes, np.float32(0)), np.where(shown, classes, np.float32(0)),
            np.where(shown, scores, np.float32(0)), count]


@pytest.mark.parametrize("name", CASES)
def test_is_as_litert(name):
    given, *rest = CASES[name]
    model, data = network(np.random.default_rng(3), given, *rest)
    options = options_of(given)
    several = 1 if options.get("use_regular_nms") else options["max_classes_per_detection"]
    listed = several, min(several, options["num_classes"])
    for arithmetic in judge.ARITHMETICS:
        mine = detected(ours.run(model, data, arithmetic), listed)
        theirs = detected(judge.run(model, data, arithmetic), listed)
        assert theirs[3].min() >= 1, "nothing was detected"
        for a, b, of in zip(mine, theirs, ("boxes", "classes", "scores", "counts"), strict=True):
            compare.integers(a.view(np.int32), b.view(np.int32), f"{name} {arithmetic} {of}")


@pytest.mark.parametrize("name", [name for name, case in CASES.items()
                                  if case[3] == "float32" and "classes" not in name])
def test_is_as_tflite_micro(name):
    given, *rest = CASES[name]
    model, data = network(np.random.default_rng(4), given, *rest)
    mine = detected(ours.run(model, data, "tflm"), (1, 1))
    theirs = tflm.run(model, [each[:, np.newaxis] for each in data], output_count=4)
    theirs = detected([each.reshape(SAMPLES, *each.shape[2:]) for each in theirs], (1, 1))
    for a, b, of in zip(mine, theirs, ("boxes", "classes", "scores", "counts"), strict=True):
        compare.integers(a.view(np.int32), b.view(np.int32), f"{name} {of}")


def test_keeps_its_options_when_it_is_converted():
    model, data = network(np.random.default_rng(5), *CASES["regular"])
    made = ours.convert(model, "float32")
    for a, b in zip(judge.run(made, data, "litert"), judge.run(model, data, "litert"), strict=True):
        compare.integers(a.view(np.int32), b.view(np.int32), "converted")


WRONG = {
    "no number of classes": ({"num_classes": None}, "max_detections, max_classes_per_detection and num_classes are not"),
    "no boxes wanted": ({"max_detections": 0}, "are not all positive"),
    "two billion boxes": ({"max_detections": 2**31 - 1, "max_classes_per_detection": 3}, "no dimension has a size of"),
    "gigabytes of boxes": ({"max_detections": 2**30}, "bytes"),
    "a number as a text": ({"num_classes": "five"}, "its option num_classes is a text instead of a number"),
    "beyond 32 bits": ({"max_detections": 2**40}, "beyond what its type holds"),
    "a scale of 0": ({"h_scale": None}, "a scale of its boxes is no number but 0"),
    "overlap of nothing": ({"nms_iou_threshold": None}, "its nms_iou_threshold is not above 0"),
    "classes that do not fit": ({"num_classes": 3}, "do not fit each other and 3 classes"),
    "no detections of a class": ({"use_regular_nms": True, "detections_per_class": 0}, "detections_per_class"),
    "no map": (b"\x01\x04\x01", "its custom options are no FlexBuffers map"),
    "no bytes of it": (b"\xff\x24\x08", "its custom options are no FlexBuffers map"),
}


@pytest.mark.parametrize("name", WRONG)
def test_refuses_options_that_are_wrong(name, tmp_path):
    given, words = WRONG[name]
    net = Network()
    inputs = [net.input([1, 6, 4], "float32"), net.input([1, 6, 6], "float32"), net.constant(np.ones((6, 4), np.float32))]
    outputs = [net.tensor(shape, "float32") for shape in ([1, 10, 4], [1, 10], [1, 10], [1])]
    net.custom_op_to(NAME, inputs, outputs, given if isinstance(given, bytes) else options_of(given))
    (tmp_path / "model.tflite").write_bytes(net.finish(outputs))
    np.savez(tmp_path / "x.npz", np.zeros((1, 6, 4), np.float32), np.zeros((1, 6, 6), np.float32))
    done = ours.call("run", tmp_path / "model.tflite", "--input", tmp_path / "x.npz", "--output", tmp_path / "y.npz",
                     check=False)
    compare.equal(done.returncode != 0 and words in done.stderr and NAME in done.stderr, True, done.stderr)
    compare.equal(ours.call("inspect", tmp_path / "model.tflite").returncode, 0, "inspect")
