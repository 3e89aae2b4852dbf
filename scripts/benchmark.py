#!/usr/bin/env python3
"""Measures litesmith beside other runtimes and writes the table of docs/performance.md (scripts/benchmark.sh).

Each group measures some rows. A row's figure is ours / theirs, formed within rounds in which the contenders
take turns (`litesmith benchmark`), or over alternating runs of whole processes, in CPU time; the median counts.
Rows that were not measured in this run keep what the page says.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import traceback

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/performance.md"
PROGRAM = pathlib.Path(os.environ.get("LITESMITH_BIN", ROOT / "build/release/cli/litesmith"))
WORK = ROOT / "build/benchmark"
EXAMPLE = ROOT / "examples/wake_word"
DATA = pathlib.Path(os.environ.get("LITESMITH_TEST_DATA", ROOT.parent / "shared/data"))
UNSUPPORTED = 5  # the exit code of a model that a runtime does not take
BEGIN, END = "<!-- table: written by scripts/benchmark.sh -->", "<!-- end of table -->"
sys.path.insert(0, str(ROOT / "tests/interop"))

# What can be measured: key, quantity, peer, the goal of ours / theirs (of ours alone where there is no peer).
ROWS = [
    ("wake_int8", "wake-word int8", "LiteRT", "at most 0.30"),
    ("wake_share", "wake-word int8: share of the measured peak, on needed MACs", "own peak loop", "at least 0.80"),
    ("wake_float", "wake-word float32", "LiteRT", "at most 0.35"),
    ("wake_float_ort", "wake-word float32", "ONNX Runtime", "at most 0.30"),
    ("kws", "MLPerf Tiny keyword spotting, int8", "LiteRT", "at most 0.65"),
    ("ic", "MLPerf Tiny image classification (ResNet-8), int8", "LiteRT", "at most 0.85"),
    ("evaluate", "samples a second of CPU time, evaluating 100,000 int8 samples with two threads, whole command",
     "LiteRT in Python, one interpreter a thread", "at least 5"),
    ("evaluate_alone", "the same", "LiteRT's invocations alone, nothing around them", "at least 5"),
    ("wake_int8_ort", "wake-word int8", "ONNX Runtime, QDQ", "at most 0.15"),
    ("wake_dynamic", "wake-word dynamic range", "LiteRT", "at most 0.40"),
    ("wake_int16", "wake-word int16x8", "LiteRT", "at most 0.20"),
    ("mobilenet_96", "MobileNetV1 0.25 96x96, int8", "LiteRT", "at most 0.65"),
    ("autoencoder", "dense autoencoder 640-128-...-640, int8", "LiteRT", "at most 0.95"),
    ("mobilenet_v1", "MobileNetV1 224, int8", "LiteRT", "at most 1.0"),
    ("mobilenet_v2", "MobileNetV2 224, int8", "LiteRT", "at most 1.0"),
    ("resnet50", "ResNet50, float32", "LiteRT", "at most 1.0"),
    ("drawn_median", "drawn conv/pool/dense networks, int8 and float32: median", "LiteRT", "at most 0.5"),
    ("drawn_worst", "the same: worst", "LiteRT", "at most 1.0"),
    ("threads", "evaluation with two threads: samples a second of wall time", "one thread", "at least 1.9"),
    ("calibrate", "calibration of the wake-word network with two threads, samples a second of wall time",
     "TensorFlow's converter, which takes one", "at least 20"),
    ("convert", "`convert --mode int8` with 500 samples, CPU time of the process", "`python3 -c 'import numpy'`",
     "at most 0.25"),
    ("large_convert", "ResNet50 to dynamic range, CPU time of the process", "`cp` of the file", "at most 4"),
    ("large_memory", "the same, peak memory", "bytes of the file", "at most 0.5"),
    ("large_keras_convert", "ResNet50 from `.keras` to dynamic range, CPU time of the process", "`cp` of the file",
     "at most 4"),
    ("large_keras_memory", "the same, peak memory", "bytes of the file", "at most 0.5"),
    ("memory", "peak memory, load and run the wake-word network", "a C program with LiteRT", "at most 0.6"),
]


def litesmith(*words):
    subprocess.run([PROGRAM, *map(str, words)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def benchmark(model, *options):
    done = subprocess.run([PROGRAM, "benchmark", str(model), "--json", *map(str, options)], check=True,
                          capture_output=True, text=True)
    return json.loads(done.stdout)


def spread(values, digits=3):
    return f"{min(values):.{digits}f} to {max(values):.{digits}f}"


def against(model, peer="litert", *options):
    """(ratio, remark) of a file beside one peer."""
    figures = benchmark(model, "--against", peer, *options)
    theirs = figures["peers"][0]
    return theirs["ratio"], (f"{figures['latency_us']['median']:.2f} µs and {theirs['latency_us']['median']:.2f} µs; "
                             f"{spread(theirs['ratios'])}")


def process(*words):
    """(CPU seconds, wall seconds, peak bytes) of one process that reads nothing."""
    tool, source = WORK / "process_cost", ROOT / "bench/process_cost.cc"
    if not tool.is_file() or tool.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["c++", "-std=c++20", "-O1", "-static", "-o", tool, source], check=True)
    done = subprocess.run([str(word) for word in (tool, *words)], check=True, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)
    cpu, wall, peak = done.stdout.split()
    return float(cpu), float(wall), int(peak)


def alternate(ours, theirs, rounds=7):
    """The CPU times of two processes in turns: the median ratio and both medians."""
    pairs = [(process(*ours)[0], process(*theirs)[0]) for _ in range(rounds)]
    ratio = statistics.median(a / b for a, b in pairs)
    return ratio, statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def wake_word_files():
    folder = WORK / "wake_word"
    if not (folder / "results.json").is_file():
        litesmith("optimize", EXAMPLE / "wake_word.keras", "--calibrate", EXAMPLE / "calibration_features.npy",
                  "--evaluate", EXAMPLE / "test_features.npy", "--labels", EXAMPLE / "test_labels.npy",
                  "--out", folder)
    return {mode: folder / f"wake_word.{mode}.tflite"
            for mode in ("float32", "dynamic_range", "int8", "float16", "int16x8")}


def wake_word_onnx():
    """The example's network as ONNX, channels first: in float, and quantized by ONNX Runtime's own tool (QDQ)."""
    import keras
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from onnxruntime import quantization

    plain, qdq = WORK / "wake_word.onnx", WORK / "wake_word.qdq.onnx"
    if qdq.is_file():
        return plain, qdq
    network = keras.saving.load_model(EXAMPLE / "wake_word.keras")
    conv1, conv2, dense = [layer.get_weights() for layer in network.layers if layer.weights]
    # Keras flattens rows, columns, channels; ONNX channels first.
    rows, columns, channels = 11, 1, 64
    matrix = dense[0].reshape(rows, columns, channels, -1).transpose(2, 0, 1, 3).reshape(rows * columns * channels, -1)
    arrays = {"w1": conv1[0].transpose(3, 2, 0, 1), "b1": conv1[1], "w2": conv2[0].transpose(3, 2, 0, 1),
              "b2": conv2[1], "w3": matrix, "b3": dense[1]}
    nodes = [helper.make_node("Conv", ["x", "w1", "b1"], ["c1"], kernel_shape=[3, 3]),
             helper.make_node("Relu", ["c1"], ["r1"]),
             helper.make_node("MaxPool", ["r1"], ["p1"], kernel_shape=[2, 2], strides=[2, 2]),
             helper.make_node("Conv", ["p1", "w2", "b2"], ["c2"], kernel_shape=[3, 3]),
             helper.make_node("Relu", ["c2"], ["r2"]),
             helper.make_node("MaxPool", ["r2"], ["p2"], kernel_shape=[2, 2], strides=[2, 2]),
             helper.make_node("Flatten", ["p2"], ["f"]),
             helper.make_node("Gemm", ["f", "w3", "b3"], ["d"]),
             helper.make_node("Softmax", ["d"], ["y"], axis=1)]
    graph = helper.make_graph(
        nodes, "wake_word", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 50, 13])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2])],
        [numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name) for name, array in arrays.items()])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), plain)
    # The same network? The judge is Keras.
    import onnxruntime
    samples = np.load(EXAMPLE / "calibration_features.npy").astype(np.float32).reshape(-1, 50, 13, 1)
    session = onnxruntime.InferenceSession(plain)
    got = np.concatenate([session.run(None, {"x": x.reshape(1, 1, 50, 13)})[0] for x in samples[:20]])
    np.testing.assert_allclose(got, network.predict(samples[:20], verbose=0), atol=1e-5)

    class Reader(quantization.CalibrationDataReader):
        def __init__(self):
            self.samples = iter(samples)

        def get_next(self):
            x = next(self.samples, None)
            return None if x is None else {"x": x.reshape(1, 1, 50, 13)}

    quantization.quantize_static(plain, qdq, Reader(), quant_format=quantization.QuantFormat.QDQ, per_channel=True,
                                 activation_type=quantization.QuantType.QUInt8,
                                 weight_type=quantization.QuantType.QInt8)
    return plain, qdq


def wake_word(found):
    files = wake_word_files()
    figures = benchmark(files["int8"], "--against", "litert")
    theirs = figures["peers"][0]
    found["wake_int8"] = theirs["ratio"], (f"{figures['latency_us']['median']:.2f} µs and "
                                           f"{theirs['latency_us']['median']:.2f} µs; {spread(theirs['ratios'])}")
    found["wake_share"] = figures["share_of_peak"], (f"limit {figures['limit_us']:.2f} µs at "
                                                     f"{figures['peak_gop_per_s']['int8']:.0f} GOP/s")
    found["wake_float"] = against(files["float32"])
    found["wake_dynamic"] = against(files["dynamic_range"])
    found["wake_int16"] = against(files["int16x8"])


def onnxruntime_wake_word(found):
    files = wake_word_files()
    plain, qdq = wake_word_onnx()
    found["wake_float_ort"] = against(files["float32"], "onnxruntime", "--onnx", plain)
    found["wake_int8_ort"] = against(files["int8"], "onnxruntime", "--onnx", qdq)


def mlperf(found):
    for key, path in (("kws", "kws/kws_ref_model.tflite"), ("ic", "image_classification/pretrainedResnet_quant.tflite")):
        found[key] = against(DATA / "mlperf_tiny" / path)


def keras_int8(name, network, samples):
    """An int8 file that litesmith makes of a Keras network."""
    import numpy as np
    folder = WORK / name
    folder.mkdir(parents=True, exist_ok=True)
    network.save(folder / "network.keras")
    np.save(folder / "samples.npy", samples)
    litesmith("convert", folder / "network.keras", "-o", folder / "int8.tflite", "--mode", "int8",
              "--calibrate", folder / "samples.npy")
    return folder / "int8.tflite"


def built(found):
    import networks
    for key, name in (("mobilenet_96", "mobilenet_v1"), ("autoencoder", "autoencoder")):
        found[key] = against(keras_int8(key, *networks.build(name)))


def large(found):
    import keras
    import numpy as np
    rng = np.random.default_rng(1)
    samples = rng.uniform(-1, 1, (4, 224, 224, 3)).astype(np.float32)
    for key, maker in (("mobilenet_v1", keras.applications.MobileNet), ("mobilenet_v2", keras.applications.MobileNetV2)):
        found[key] = against(keras_int8(key, maker(weights=None), samples), "litert", "--rounds", 5)
    found["resnet50"] = against(resnet50_files()[0], "litert", "--rounds", 5)


def resnet50_files():
    """ResNet50 with random weights as a float .tflite and a .keras file."""
    import keras
    folder = WORK / "resnet50"
    folder.mkdir(parents=True, exist_ok=True)
    source, made = folder / "resnet50.keras", folder / "float32.tflite"
    if not source.is_file():
        keras.applications.ResNet50(weights=None).save(source)
    litesmith("convert", source, "-o", made, "--mode", "float32")
    return made, source


def large_files(found):
    folder = WORK / "resnet50"
    for key, source in zip(("large", "large_keras"), resnet50_files()):
        convert = [PROGRAM, "convert", source, "-o", folder / "dynamic.tflite", "--mode", "dynamic_range"]
        ratio, ours, theirs = alternate(convert, ["cp", source, folder / "copy"])
        found[key + "_convert"] = ratio, f"{1000 * ours:.0f} ms and {1000 * theirs:.0f} ms"
        peak, size = process(*convert)[2], source.stat().st_size
        found[key + "_memory"] = peak / size, f"{peak / 1e6:.1f} MB of {size / 1e6:.1f} MB"


def evaluation(found):
    """Whole commands on 100,000 samples, beside what LiteRT's invocations alone take."""
    import numpy as np
    files = wake_word_files()
    samples = np.load(EXAMPLE / "test_features.npy")
    labels = np.load(EXAMPLE / "test_labels.npy")
    take = np.arange(100_000) % len(samples)
    folder = WORK / "evaluate"
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "y.npy", labels[take])
    # As the model takes them: int8 codes, 650 bytes a sample.
    scale, zero = next((t["quantization"]["scale"][0], t["quantization"]["zero_point"][0])
                       for t in json.loads(subprocess.run([PROGRAM, "inspect", files["int8"], "--json"], check=True,
                                                          capture_output=True, text=True).stdout)["inputs"])
    codes = np.clip(np.round(samples / scale) + zero, -128, 127).astype(np.int8)
    np.save(folder / "x.npy", codes[take])
    command = [PROGRAM, "evaluate", files["int8"], "--data", folder / "x.npy", "--labels", folder / "y.npy",
               "--no-latency", "--threads"]
    rounds = []
    for _ in range(5):
        two, one = process(*command, 2), process(*command, 1)
        theirs = process(sys.executable, ROOT / "bench/evaluate_with_litert.py", files["int8"], folder / "x.npy",
                         folder / "y.npy", 2)
        alone = benchmark(files["int8"], "--against", "litert", "--rounds", 1)["peers"][0]["latency_us"]["median"]
        rounds.append((two, one, theirs, alone * 1e5 / 1e6))
    for key, which in (("evaluate", lambda r: r[2][0]), ("evaluate_alone", lambda r: r[3])):
        ratios = [which(r) / r[0][0] for r in rounds]
        ours, theirs = (statistics.median(values) for values in ([r[0][0] for r in rounds], map(which, rounds)))
        found[key] = statistics.median(ratios), f"{ours:.2f} s and {theirs:.2f} s of CPU; {spread(ratios, 2)}"
    speedups = [r[1][1] / r[0][1] for r in rounds]
    found["threads"] = statistics.median(speedups), f"{spread(speedups, 2)}; needs both cores free"


def calibration(found):
    """Time by sample: what many samples take longer than few."""
    import contextlib
    import io
    import time

    import keras
    import numpy as np
    import tensorflow as tf
    base = np.load(EXAMPLE / "calibration_features.npy").astype(np.float32).reshape(-1, 50, 13, 1)
    folder = WORK / "calibrate"
    folder.mkdir(parents=True, exist_ok=True)
    few, many = 300, 20_000
    np.save(folder / "few.npy", base[np.arange(few) % len(base)])
    np.save(folder / "many.npy", base[np.arange(many) % len(base)])

    def ours(name):
        return process(PROGRAM, "convert", EXAMPLE / "wake_word.keras", "-o", folder / "o.tflite", "--mode", "int8",
                       "--calibrate", folder / f"{name}.npy", "--calibrate-samples", 0, "--threads", 2)

    network = keras.saving.load_model(EXAMPLE / "wake_word.keras")

    def theirs(count):
        converter = tf.lite.TFLiteConverter.from_keras_model(network)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([base[i % len(base)][None]] for i in range(count))
        converter._experimental_calibrate_only = True
        began = time.process_time(), time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            converter.convert()
        return time.process_time() - began[0], time.perf_counter() - began[1]

    def by_sample(run, few, many, count):
        return [1e6 * (b - a) / count for a, b in zip(run(few)[:2], run(many)[:2])]

    rounds = [(*by_sample(ours, "few", "many", many - few), *by_sample(theirs, 300, 2300, 2000)) for _ in range(5)]
    cpu, wall, their_cpu, their_wall = map(statistics.median, zip(*rounds))
    ratios = [round[3] / round[1] for round in rounds]
    found["calibrate"] = statistics.median(ratios), (
        f"{wall:.1f} µs and {their_wall:.0f} µs a sample; {spread(ratios, 1)}; of CPU {cpu:.1f} µs and {their_cpu:.0f} µs")


def conversion(found):
    import numpy as np
    base = np.load(EXAMPLE / "calibration_features.npy")
    np.save(WORK / "500.npy", base[np.arange(500) % len(base)])
    command = [PROGRAM, "convert", EXAMPLE / "wake_word.keras", "-o", WORK / "c.tflite", "--mode", "int8",
               "--calibrate", WORK / "500.npy"]
    ratio, ours, theirs = alternate(command, ["python3", "-c", "import numpy"])
    found["convert"] = ratio, f"{1000 * ours:.1f} ms and {1000 * theirs:.0f} ms"


def memory(found):
    import importlib.util
    import numpy as np
    files = wake_word_files()
    np.save(WORK / "one.npy", np.load(EXAMPLE / "test_features.npy")[:1])
    ours = process(PROGRAM, "run", files["int8"], "--input", WORK / "one.npy", "--output", WORK / "one.out.npy")[2]
    wheel = pathlib.Path(importlib.util.find_spec("ai_edge_litert").submodule_search_locations[0])
    theirs = process(PROGRAM.parent / "litesmith-peer", "litert", wheel / "libLiteRt.so", files["int8"])[2]
    found["memory"] = ours / theirs, f"{ours / 1e6:.1f} MB and {theirs / 1e6:.1f} MB"


def draw(rng):
    """A small network of convolutions, pools and a dense layer, of awkward sizes."""
    import keras
    from keras import layers
    while True:
        height, width = (int(n) for n in rng.integers(5, 41, 2))
        sizes = [1, 2, 3, 7, 8, 16, 17, 32]
        stack = [layers.Input((height, width, int(rng.choice(sizes))))]
        for _ in range(int(rng.integers(1, 4))):
            stack.append(layers.Conv2D(int(rng.choice(sizes)), int(rng.choice([1, 3, 3, 5])),
                                       strides=int(rng.choice([1, 1, 2])), padding=str(rng.choice(["same", "valid"])),
                                       activation="relu"))
            if rng.random() < 0.6:
                stack.append(layers.MaxPooling2D(2))
        stack += [layers.Flatten(), layers.Dense(int(rng.choice([2, 10, 17])))]
        keras.utils.clear_session()
        try:
            return keras.Sequential(stack)
        except ValueError:
            continue  # a window larger than its image


def drawn(found, count):
    import keras
    import numpy as np
    ratios, refused = [], 0
    for seed in range(count):
        rng = np.random.default_rng(seed)
        keras.utils.set_random_seed(seed)
        network = draw(rng)
        samples = rng.uniform(-1, 1, (50, *network.input_shape[1:])).astype(np.float32)
        int8 = keras_int8(f"drawn/{seed}", network, samples)
        float32 = int8.with_name("float32.tflite")
        litesmith("convert", int8.with_name("network.keras"), "-o", float32, "--mode", "float32")
        for kind, model in (("int8", int8), ("float32", float32)):
            try:
                figures = benchmark(model, "--against", "litert", "--rounds", 5)
            except subprocess.CalledProcessError as error:
                if error.returncode != UNSUPPORTED:
                    raise
                refused += 1  # a random layer whose outputs are all zero has a scale too small for XNNPACK
                continue
            ratios.append((figures["peers"][0]["ratio"], f"network {seed}, {kind}"))
    ratios.sort()
    found["drawn_median"] = statistics.median(r for r, _ in ratios), (
        f"{count} networks, each in both kinds, {refused} of which LiteRT refuses")
    found["drawn_worst"] = ratios[-1]


def versions():
    names = ("ai-edge-litert", "onnxruntime", "tensorflow", "keras", "numpy")
    ours = subprocess.run([PROGRAM, "--version"], check=True, capture_output=True, text=True).stdout.split("\n")
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return (f"{datetime.date.today()}, {cpu.group(1) if cpu else platform.machine()}, {os.cpu_count()} cores; "
            f"{', '.join(line for line in ours if line)}; "
            + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
            + f", Python {platform.python_version()}")


def reached(goal, ratio):
    words, number = goal.rsplit(" ", 1)
    return ratio <= float(number) if words == "at most" else ratio >= float(number)


def write_page(found):
    """Rows of this run replace theirs in the table; the others stay, with the day they are of."""
    before, rest = PAGE.read_text().split(BEGIN)
    old, after = rest.split(END)
    lines = dict(re.findall(r"^(\|.*<!-- (\w+) --> \|)$", old, re.M))
    lines = {key: line for line, key in lines.items()}
    when = versions()
    runs = dict(re.findall(r"^- Run (\d+): (.*)$", old, re.M))
    if not runs or runs[max(runs, key=int)] != when:
        runs[str(max(map(int, runs), default=0) + 1)] = when
    run = max(runs, key=int)
    for key, quantity, peer, goal in ROWS:
        if key not in found:
            continue
        ratio, remark = found[key]
        mark = "yes" if reached(goal, ratio) else "**no**"
        lines[key] = f"| {quantity} | {peer} | {goal} | {ratio:.3f} | {mark} | {remark} | {run} <!-- {key} --> |"
    head = "| quantity | peer | goal | ours / theirs | reached | figures | run |\n|---|---|---|---:|---|---|---|"
    table = [lines[key] for key, *_ in ROWS if key in lines]
    used = {line.rsplit("|", 2)[1].split()[0] for line in table}
    notes = [f"- Run {n}: {text}" for n, text in sorted(runs.items(), key=lambda item: int(item[0])) if n in used]
    PAGE.write_text(before + BEGIN + "\n" + head + "\n" + "\n".join(table) + "\n\n" + "\n".join(notes) + "\n" + END + after)


def main():
    groups = {"wake_word": wake_word, "mlperf": mlperf, "evaluation": evaluation,
              "onnxruntime": onnxruntime_wake_word, "built": built, "conversion": conversion, "memory": memory,
              "calibration": calibration, "drawn": None, "large": large,
              "large_files": large_files}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=list(groups), help="a group; may be given several times")
    parser.add_argument("--drawn", type=int, default=50, metavar="N", help="how many networks to draw")
    arguments = parser.parse_args()
    groups["drawn"] = lambda found: drawn(found, arguments.drawn)
    WORK.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in arguments.only or [name for name in groups if not name.startswith("large")]:
        print(f"benchmark: {name}", file=sys.stderr)
        found = {}
        try:
            groups[name](found)
        except Exception:  # one group's trouble does not cost the others
            traceback.print_exc()
            failed.append(name)
        for key, (ratio, remark) in found.items():
            print(f"  {key}: {ratio:.3f} ({remark})", file=sys.stderr)
        write_page(found)
    if failed:
        sys.exit("not measured: " + ", ".join(failed))


if __name__ == "__main__":
    main()
