#!/usr/bin/env python3
"""Makes the wake-word example: real speech, the team's features, the team's network.

    python make_example.py SPEECH [--word happy] [--out .]

SPEECH is a folder of words as Google's Speech Commands has them (one folder a word, clips named
<speaker>_nohash_<n>.wav), the whole data set or a part. Written into --out:

    wake_word.keras             the trained network: 50x13x1 in, probabilities of 0 (other), 1 (the word)
    calibration_features.npy    300 clips of training speakers, both classes
    test_features.npy           every clip of the test speakers, float32 [n, 50, 13, 1]
    test_labels.npy             int64 [n]: 1 where the word was said

No speaker is on both sides: a hash of the speaker's name decides, so the sides stay the same when
clips are added. Choices (when to stop, which epoch to keep) are made on validation speakers, who
are held out of the training side; the test side is looked at once, at the end.
"""

import argparse
import hashlib
import pathlib
import sys

import numpy as np

SAMPLE_RATE = 22050  # what librosa.load gives when it is not told otherwise
FRAMES = 50
COEFFICIENTS = 13
TEST_SHARE = 0.38  # of speakers
VALIDATION_SHARE = 0.12
CALIBRATION_CLIPS = 300
SEED = 20


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("speech", type=pathlib.Path)
    arguments.add_argument("--word", default="happy")
    arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    arguments.add_argument("--epochs", type=int, default=60)
    options = arguments.parse_args()

    clips = choose_clips(options.speech, options.word)
    print(f"{len(clips)} clips, {sum(c.label for c in clips)} of them '{options.word}'")
    features, labels, sides = compute_features(clips)
    for side in ("train", "validation", "test"):
        chosen = sides == side
        print(f"{side:>10}: {chosen.sum():5} clips, {labels[chosen].sum():5} '{options.word}', "
              f"{len({c.speaker for c, s in zip(clips, sides) if s == side}):5} speakers")

    network = train(features, labels, sides, options.epochs)
    network.save(options.out / "wake_word.keras")

    calibration = draw(np.flatnonzero(sides == "train"), labels, CALIBRATION_CLIPS)
    np.save(options.out / "calibration_features.npy", features[calibration])
    test = sides == "test"
    np.save(options.out / "test_features.npy", features[test])
    np.save(options.out / "test_labels.npy", labels[test])

    right = np.argmax(network.predict(features[test], verbose=0), axis=1) == labels[test]
    print(f"test speakers: {right.sum()} of {right.size} right ({right.mean():.2%})")


class Clip:
    """A recording and what the experiment needs to know of it."""

    def __init__(self, path, word):
        self.path = path
        self.label = int(path.parent.name == word)
        # Silence has no speaker. Its clips may be pieces of one recording, so none is tested on.
        self.speaker = path.name.split("_nohash_")[0] if "_nohash_" in path.name else ""
        self.side = side_of(self.speaker)


def side_of(speaker):
    """The side a speaker belongs to, from a hash of the name."""
    if not speaker:
        return "train"
    digest = hashlib.sha256(speaker.encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    if place < TEST_SHARE:
        return "test"
    return "validation" if place < TEST_SHARE + VALIDATION_SHARE else "train"


def choose_clips(folder, word):
    """All clips of the word and as many of others, drawn evenly from all other words."""
    clips = [Clip(path, word) for path in sorted(folder.glob("*/*.wav"))
             if path.parent.name != "_background_noise_"]
    wanted = [clip for clip in clips if clip.label]
    others = [clip for clip in clips if not clip.label]
    if not wanted or not others:
        sys.exit(f"{folder} needs a folder '{word}' and folders of other words, with .wav files")
    if len(others) > len(wanted) * 1.1:
        order = np.random.default_rng(SEED).permutation(len(others))[:len(wanted)]
        others = [others[i] for i in sorted(order)]
    return wanted + others


def mfcc(path):
    """The features of one clip, exactly as the team computed them."""
    import librosa
    samples, rate = librosa.load(path)  # resampled to 22,050 Hz
    peak = np.max(np.abs(samples)) if samples.size else 0
    if peak == 0:
        return None  # silence divided by its peak is no number; the team had no such clip
    frames = librosa.feature.mfcc(y=samples / peak, sr=rate, n_mfcc=COEFFICIENTS).T
    # pad_sequences([m], maxlen=50, padding='post', dtype='float32'): zeros behind a short clip,
    # and of a long one its last 50 frames.
    padded = np.zeros((FRAMES, COEFFICIENTS, 1), np.float32)
    kept = frames[-FRAMES:]
    padded[:len(kept), :, 0] = kept
    return padded


def compute_features(clips):
    """Features, labels and sides of all clips but the silent ones, which are dropped from `clips`."""
    made = []
    for done, clip in enumerate(clips):
        made.append(mfcc(clip.path))
        if done % 200 == 0:
            print(f"\rfeatures: {done} of {len(clips)}", end="", file=sys.stderr)
    print(f"\rfeatures: {len(clips)} of {len(clips)}", file=sys.stderr)
    clips[:] = [clip for clip, one in zip(clips, made) if one is not None]
    features = np.stack([one for one in made if one is not None])
    labels = np.array([clip.label for clip in clips], np.int64)
    return features, labels, np.array([clip.side for clip in clips])


def draw(indices, labels, count):
    """`count` of the indices, half of each class, in random order."""
    rng = np.random.default_rng(SEED)
    halves = [rng.choice(indices[labels[indices] == label], count // 2, replace=False)
              for label in (0, 1)]
    return rng.permutation(np.concatenate(halves))


def train(features, labels, sides, epochs):
    """The team's network, trained; the weights of the epoch that validation speakers liked best."""
    import keras
    import tensorflow
    keras.utils.set_random_seed(SEED)
    tensorflow.config.experimental.enable_op_determinism()

    network = keras.Sequential([
        keras.layers.Input((FRAMES, COEFFICIENTS, 1)),
        keras.layers.Conv2D(32, (3, 3), activation="relu"),
        keras.layers.MaxPooling2D((2, 2)),
        keras.layers.Conv2D(64, (3, 3), activation="relu"),
        keras.layers.MaxPooling2D((2, 2)),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(2, activation="softmax"),
    ])
    assert network.count_params() == 20226
    network.compile(optimizer=keras.optimizers.Adam(5e-4), loss="sparse_categorical_crossentropy",
                    metrics=["accuracy"])
    network.summary()
    stop = keras.callbacks.EarlyStopping("val_loss", patience=12, restore_best_weights=True)
    chosen = sides == "train"
    held_out = sides == "validation"
    network.fit(features[chosen], labels[chosen], batch_size=32, epochs=epochs, verbose=2,
                validation_data=(features[held_out], labels[held_out]), callbacks=[stop])
    return network


if __name__ == "__main__":
    main()
