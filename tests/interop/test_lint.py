"""litesmith lint against the runtimes it speaks of, on every .tflite and .bin of the data folder."""

import json
import os
import pathlib
import subprocess
import sys

import compare
import ours
import tflm

# Where lint and LiteRT's loader disagree, by the end of the path, and why.
LITERT = {
    "/blockwise_quantized.tflite": "the loader ends the process: ADD of a tensor with scales by blocks",
    "simple_squeeze.tflite": "SQUEEZE along a dimension that is not there; lint looks at no attributes",
    "svdf_calibrated.bin": "the shape of SVDF's state does not fit; lint compares no shapes",
    "svdf_quantized.bin": "the shape of SVDF's state does not fit; lint compares no shapes",
    "testdata/add_quantized.bin": "ADD of uint8 into float32 is loaded, and made of the wrong bytes",
    "testdata/add_quantized_int8.bin": "ADD of int8 into float32 is loaded, and made of the wrong bytes",
    "tensor_string_data_type.bin": "ADD of strings is loaded, and fails when it runs",
}
TFLM = {
    "simple_squeeze.tflite": "SQUEEZE along a dimension that is not there; lint looks at no attributes",
    "svdf_calibrated.bin": "the shape of SVDF's state does not fit; lint compares no shapes",
    "svdf_quantized.bin": "the shape of SVDF's state does not fit; lint compares no shapes",
    "broadcast_to.bin": "more than five dimensions; lint counts none",
    "add_unknown_dimensions.bin": "a result without a shape: the runtime writes past it and dies",
    "testdata/add_quantized_int8.bin": "ADD of int8 into float32 runs, and is made of the wrong bytes",
    "conv_huge_im2col.bin": "needs more memory than the test gives",
    "nested_while.bin": "the runtime does not come to an end",
}


def files(data):
    found = sorted(path for path in data.rglob("*") if path.suffix in (".tflite", ".bin"))
    assert len(found) > 390, "the data folder lost its models"
    return found


def lint(path, target):
    """The report, or None where the bytes are no .tflite file."""
    done = ours.call("lint", path, "--target", target, "--json", check=False)
    if done.returncode > 1:
        assert done.returncode == 4, done.stderr
        return None
    report = json.loads(done.stdout)
    assert done.returncode == (1 if report["errors"] else 0)
    return report


def loads_in_litert(paths):
    """Whether allocate_tensors succeeds, file by file, in processes that may be ended by one."""
    program = ("import sys, warnings\nwarnings.simplefilter('ignore')\n"
               "from ai_edge_litert.interpreter import Interpreter\n"
               "for path in sys.argv[1:]:\n"
               "  try:\n"
               "    Interpreter(model_content=open(path, 'rb').read(), num_threads=1)"
               ".allocate_tensors()\n"
               "    result = 1\n"
               "  except (ValueError, RuntimeError):\n"
               "    result = 0\n"
               "  print(f'result {result}', flush=True)\n")
    results = []
    while len(results) < len(paths):
        rest = [str(path) for path in paths[len(results):]]
        done = subprocess.run([sys.executable, "-c", program, *rest], capture_output=True, text=True,
                              env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})
        results += [line == "result 1" for line in done.stdout.splitlines()
                    if line.startswith("result ")]
        if done.returncode != 0:
            results.append(False)
    return results


def hold(paths, target, accepted, known):
    """lint finds errors exactly where the runtime refuses, but for the files of `known`."""
    wrong = []
    for path, accepts in zip(paths, accepted, strict=True):
        report = lint(path, target)
        passes = report is not None and report["errors"] == 0
        exception = any(str(path).endswith(end) for end in known)
        if (passes == accepts) == exception:
            wrong.append(f"{path}: lint {'passes' if passes else 'fails'}, the runtime "
                         f"{'takes' if accepts else 'refuses'} it"
                         + (", but it is listed as a disagreement" if exception else ""))
        compare.made += 1
    assert not wrong, "\n".join(wrong)


def test_litert_loads_what_lint_passes(data):
    paths = files(data)
    hold(paths, "litert", loads_in_litert(paths), LITERT)


def test_tflm_runs_what_lint_passes(data):
    paths = files(data)
    hold(paths, "tflm", [result["status"] == "ran" for result in tflm.load(paths)], TFLM)


WAKE_WORDS = "models/esphome+micro-wake-word-models"


def test_esphome_takes_its_own_models(data):
    paths = sorted((data / WAKE_WORDS).rglob("*.tflite"))
    assert paths
    for path in paths:
        compare.equal(lint(path, "esphome")["errors"], 0, path.name)


def test_a_file_runs_from_its_oldest_release_on(data):
    path = sorted((data / WAKE_WORDS).rglob("*.tflite"))[0]
    oldest = json.loads(ours.call("inspect", path, "--json").stdout)["verdict"]["oldest_runtime"]
    minor = int(oldest.removeprefix("2."))
    compare.equal(lint(path, f"tflite-2.{minor}")["errors"], 0, oldest)
    before = lint(path, f"tflite-2.{minor - 1}")["findings"]
    compare.equal({finding["rule"] for finding in before}, {"version"}, oldest)


def test_the_page_shows_what_the_program_says(data):
    page = (ours.ROOT / "docs/lint.md").read_text()
    command, shown = page.split("```text\n$ ")[1].split("```")[0].split("\n", 1)
    words = command.split()
    assert words[:2] == ["litesmith", "lint"]
    path = data / "mlperf_tiny/kws" / pathlib.Path(words[2]).name
    said = ours.call("lint", path.name, *words[3:], check=False, cwd=path.parent).stdout
    compare.equal(shown, said, command)
