"""The wake-word network from Python: five files, the table, where precision is lost, what is in a file.

    python examples/wake_word/wake_word.py [FOLDER]
"""

import pathlib
import sys

import litesmith
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent


def main():
    out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "out")
    features, labels = np.load(HERE / "test_features.npy"), np.load(HERE / "test_labels.npy")
    model = litesmith.load(HERE / "wake_word.keras")

    report = litesmith.optimize(model, out, calibrate=HERE / "calibration_features.npy", evaluate=features,
                                labels=labels, io="uint8")
    print(report)

    # One file alone, its mistakes, and what each layer lost.
    int8 = report.files["int8"]
    result = litesmith.evaluate(int8, features, labels, threshold=0.8)
    wrong = np.flatnonzero(result.predicted != labels)
    print(f"\nint8: {result.correct} of {result.n} right; the first mistakes are clips {wrong[:5].tolist()}")
    for layer in litesmith.compare(model, int8, features, samples=100).layers[:3]:
        print(f"  {layer['op']:16} {layer['sqnr_db']:6.1f} dB")

    # The numbers in the file, as stored and as meant.
    for tensor in litesmith.load(int8).tensors:
        if tensor.is_constant and tensor.dtype == np.int8:
            real = tensor.dequantized()
            print(f"  {tensor.name:16} {str(tensor.shape):16} {real.min():7.3f} to {real.max():6.3f}, "
                  f"{np.unique(tensor.data).size} different codes")


if __name__ == "__main__":
    main()
