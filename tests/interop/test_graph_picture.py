"""inspect --graph: what Graphviz itself makes of the drawing."""

import shutil
import xml.etree.ElementTree

import pytest

import ours
import test_tflite_files
from test_tflite_files import folder  # noqa: F401  (a fixture)


@pytest.mark.parametrize("mode", test_tflite_files.MODES)
def test_dot_draws_every_operator(folder, mode, tmp_path):  # noqa: F811
    assert shutil.which("dot"), "scripts/setup.sh ci installs Graphviz"
    ours.call("inspect", folder / f"{mode}.tflite", "--graph", tmp_path / "graph.svg")
    texts = [element.text for element in xml.etree.ElementTree.parse(tmp_path / "graph.svg").iter()
             if element.tag.endswith("text")]
    model = ours.unpack((folder / f"{mode}.tflite").read_bytes())
    boxes = [text for text in texts if text and " v" in text and text.split()[0].isdigit()]
    assert len(boxes) == len(model.subgraphs[0].operators)
