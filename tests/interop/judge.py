"""LiteRT as the judge: runs a file in the pinned ai-edge-litert, on one thread."""

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

# litesmith's names for LiteRT's three arithmetics.
RESOLVERS = {
    "reference": OpResolverType.BUILTIN_REF,
    "builtin": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    "litert": OpResolverType.AUTO,
}
ARITHMETICS = tuple(RESOLVERS)


def interpreter(model, arithmetic, batch=None):
    """An interpreter ready to run; `batch` resizes the first dimension of every input."""
    result = Interpreter(model_content=model, num_threads=1,
                         experimental_op_resolver_type=RESOLVERS[arithmetic])
    if batch is not None:
        for detail in result.get_input_details():
            result.resize_tensor_input(detail["index"], [batch, *detail["shape"][1:]])
    result.allocate_tensors()
    return result


def run(model, inputs, arithmetic, batch=None):
    """The outputs for `inputs`: one array an input of the file, in its order.

    Each array holds any number of samples along its first dimension; the file is run at its own
    batch size until they are used up, and outputs are joined along their first dimension. This is
    what `litesmith run` does too.
    """
    runner = interpreter(model, arithmetic, batch)
    details = runner.get_input_details()
    assert len(details) == len(inputs), f"{len(details)} inputs, {len(inputs)} arrays"
    steps = {len(array) // max(int(detail["shape"][0]), 1) if detail["shape"].size else 1
             for detail, array in zip(details, inputs)}
    assert len(steps) == 1, f"inputs disagree on the number of samples: {steps}"
    outputs = [[] for _ in runner.get_output_details()]
    for step in range(steps.pop()):
        for detail, array in zip(details, inputs):
            size = int(detail["shape"][0]) if detail["shape"].size else 1
            part = array[step * size:(step + 1) * size] if detail["shape"].size else array
            runner.set_tensor(detail["index"], np.ascontiguousarray(part))
        runner.invoke()
        for made, detail in zip(outputs, runner.get_output_details()):
            made.append(runner.get_tensor(detail["index"]).copy())
    return [np.concatenate(made) if made[0].ndim else np.stack(made) for made in outputs]
