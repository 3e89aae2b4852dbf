"""Case after case of one op, by litesmith and by LiteRT, until enough outputs were compared."""

import numpy as np

import compare
import judge
import ours
from single_op import expose_all_tensors
from structure import File

OUTPUTS = 100_000  # compared at least, an op, type and arithmetic
FLOAT_TOLERANCE = 1e-5  # of a tensor's largest value


def check(make, arithmetic, what, tolerance=FLOAT_TOLERANCE):
    """`make(rng)` draws a model and the list of its inputs. Integers must be equal."""
    compared = seed = 0
    while compared < OUTPUTS:
        model, inputs = make(np.random.default_rng(seed))
        theirs = judge.run(model, inputs, arithmetic)
        # Operands of different first dimensions have no batch: litesmith then stacks what the judge
        # joins.
        mine = [a.reshape(b.shape) for a, b in
                zip(ours.run(model, inputs, arithmetic), theirs, strict=True)]
        compare.tensors(mine, theirs, tolerance, f"{what} {arithmetic} seed {seed}")
        compared += sum(each.size for each in theirs)
        seed += 1


def check_dynamic_range(model, samples, arithmetic, what):
    """Inputs of each layer are quantized as it runs, so a float that differs in its last place may
    move one by a step: answers are the same, and what the last layer puts out, before any softmax,
    is no further off than one of 255 steps over its values."""
    model, _ = expose_all_tensors(model)
    last = -2 if File(model).op_names()[-1] == "SOFTMAX" else -1
    mine, theirs = (who.run(model, [samples], arithmetic) for who in (ours, judge))
    compare.at_least(np.ptp(theirs[last]) / 255, np.abs(mine[last] - theirs[last]).max(),
                     f"{what} {arithmetic}: away")
    compare.at_least((mine[-1].argmax(1) == theirs[-1].argmax(1)).mean(), 0.999,
                     f"{what} {arithmetic}: top-1")
