"""Case after case of one op, by litesmith and by LiteRT, until enough outputs were compared."""

import numpy as np

import compare
import judge
import ours

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
