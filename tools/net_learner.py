"""Learns the net of `app.understanding.weighing` from replies, with jax: the rounds, and the file of weights."""

from binascii import b2a_base64
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from math import sqrt
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from app.domain.reading import Intent
from app.understanding import weighing

#: How the units learn, found by trial on replies that were held out: how many replies are read at a time, how often
#: all of them are, the rate, how small weights are kept; how many words, features and units are left out each time.
BATCH, ROUNDS, RATE, RESTRAINT = 128, 14, 2e-3, 1e-5
WORDS_LEFT_OUT, FEATURES_LEFT_OUT, UNITS_LEFT_OUT = 0.1, 0.2, 0.3
#: Of several, the one that misread the fewest replies that were held out.
SEED = 6
#: How much a feature weighs.
SCALE = 1.5
#: How many replies must have a word or feature.
MET_AT_LEAST = 4
#: No reply has more features that are met so often.
MOST_FEATURES = 200
Weights = dict[str, jax.Array]
MEANINGS = (Intent.UNKNOWN, *weighing.BARS)


class ReadReply(NamedTuple):
    """A reply as the net sees it: its words, the labels of its phrases, what it asks of us; and what it means."""

    words: list[str]
    labels: list[str]
    asked: set[str]
    meaning: Intent


class Learner:
    """The net while it learns: the replies as arrays, and its weights."""

    def __init__(self, read: Sequence[ReadReply]) -> None:
        met = Counter(chain.from_iterable(set(said) for said, *_ in read))
        vocabulary = {word for word, times in met.items() if times >= MET_AT_LEAST} | {"*"}
        #: Index 0 is no word, and no feature.
        self.words = {word: index + 1 for index, word in enumerate(sorted(vocabulary))}
        found = [
            set(map(_name, weighing.features(said, labels, asked, vocabulary))) for said, labels, asked, _ in read
        ]
        times = Counter(chain.from_iterable(found))
        kept = {name for name, count in times.items() if count >= MET_AT_LEAST} | vocabulary
        self.features = {name: index + 1 for index, name in enumerate(sorted(kept))}
        self.replies = (
            np.array([self._indices(said) for said, *_ in read], np.int32),
            np.array(
                [_padded([self.features[n] for n in sorted(one & kept)], MOST_FEATURES) for one in found], np.int32
            ),
            np.array([SCALE / sqrt(len(one)) for one in found], np.float32),
            np.array([MEANINGS.index(meant) for *_, meant in read], np.int32),
        )
        random = np.random.default_rng(SEED)
        units = weighing.DETECTORS + weighing.GATHERERS

        def some(*shape: int) -> jax.Array:
            return jnp.asarray(random.normal(0, 0.1, shape), jnp.float32)

        self.weights = {
            "windows": some(weighing.WINDOW, len(self.words) + 1, weighing.DETECTORS),
            "features": some(len(self.features) + 1, weighing.GATHERERS),
            "starts": jnp.zeros(units),
            "meanings": some(units, len(MEANINGS)) * 2,
            "ends": jnp.zeros(len(MEANINGS)),
        }

    def _indices(self, said: Sequence[str]) -> list[int]:
        known = [self.words.get(word, self.words["*"]) for word in said]
        half = weighing.LONGEST // 2
        return _padded(known if len(known) <= 2 * half else known[:half] + known[-half:], weighing.LONGEST)

    def learn(self) -> None:
        """Read all replies `ROUNDS` times, in another order each time."""
        count = len(self.replies[0])
        steps = count // BATCH * ROUNDS
        schedule = optax.cosine_decay_schedule(RATE, steps, 0.05)
        optimizer = optax.adamw(schedule, weight_decay=RESTRAINT)
        state = optimizer.init(self.weights)
        rest = self.words["*"]

        def loss(weights: Weights, key: jax.Array, said: jax.Array, *given: jax.Array) -> jax.Array:
            one, two, three = jax.random.split(key, 3)
            said = jnp.where((said > 0) & jax.random.bernoulli(one, WORDS_LEFT_OUT, said.shape), rest, said)
            features, share, labels = given
            features = jnp.where(jax.random.bernoulli(two, FEATURES_LEFT_OUT, features.shape), 0, features)
            units = _units(weights, said, features, share)
            kept = jax.random.bernoulli(three, 1 - UNITS_LEFT_OUT, units.shape)
            units = jnp.where(kept, units / (1 - UNITS_LEFT_OUT), 0)
            logits = units @ weights["meanings"] + weights["ends"]
            wrong: jax.Array = optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()
            return wrong

        def step(weights: Weights, state: Any, key: jax.Array, *batch: jax.Array) -> tuple[Weights, Any]:
            change, state = optimizer.update(jax.grad(loss)(weights, key, *batch), state, weights)
            return optax.apply_updates(weights, change), state

        take_step = jax.jit(step)
        random = np.random.default_rng(SEED)
        for at in range(steps):
            if at % (count // BATCH) == 0:
                order = random.permutation(count)
            chosen = order[at % (count // BATCH) * BATCH :][:BATCH]
            batch = [array[chosen] for array in self.replies]
            self.weights, state = take_step(
                self.weights, state, jax.random.fold_in(jax.random.PRNGKey(SEED), at), *batch
            )

    def lines(self) -> str:
        """The file of weights: of each word and feature, the nearest step of each unit."""
        weights = {name: np.array(part) for name, part in self.weights.items()}
        windows, features = weights["windows"], weights["features"]
        detector_steps, windows = _rounded(windows)
        gatherer_steps, features = _rounded(features)
        neither, ends = MEANINGS.index(Intent.UNKNOWN), weights["ends"]
        parts: dict[str, Iterable[float]] = {
            weighing.STARTS: weights["starts"],
            weighing.STEPS: [*detector_steps, *gatherer_steps * SCALE],
        }
        for one, meaning in enumerate(MEANINGS):
            outgoing = weights["meanings"][:, one] - weights["meanings"][:, neither]
            parts[f"({meaning})"] = [ends[one] - ends[neither], *outgoing]
        del parts[f"({Intent.UNKNOWN})"]
        lines = [f"{name}\t{' '.join(f'{number:.6g}' for number in part)}" for name, part in parts.items()]
        for name, index in self.features.items():
            line = f"{name}\t{_encoded(features[index])}"
            lines.append(f"{line}\t{_encoded(windows[:, self.words[name]])}" if name in self.words else line)
        return "".join(f"{line}\n" for line in lines)


def _units(weights: Weights, said: jax.Array, features: jax.Array, share: jax.Array) -> jax.Array:
    """What the units make of replies: as `weighing.Net.probabilities` computes them."""
    sides = weighing.WINDOW // 2
    around = jnp.pad(said, ((0, 0), (sides, sides)))
    windows = weights["windows"].at[:, 0].set(0)
    sums = sum(windows[place][around[:, place : place + said.shape[1]]] for place in range(weighing.WINDOW))
    greatest = jnp.where(said[:, :, None] > 0, sums, -jnp.inf).max(axis=1)
    gathered = weights["features"].at[0].set(0)[features].sum(axis=1) * share[:, None]
    units: jax.Array = jax.nn.relu(jnp.concatenate([greatest, gathered], axis=1) + weights["starts"])
    return units


def _padded(indices: list[int], length: int) -> list[int]:
    return indices[:length] + [0] * (length - len(indices))


def _name(feature: weighing.Feature) -> str:
    return feature if isinstance(feature, str) else " ".join(feature)


def _rounded(steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much one step of each unit is worth, and all `steps` as bytes."""
    worth = np.abs(steps).reshape(-1, steps.shape[-1]).max(axis=0) / (weighing.ZERO - 1)
    return worth, (np.rint(steps / worth) + weighing.ZERO).astype(np.uint8)


def _encoded(steps: np.ndarray) -> str:
    return b2a_base64(steps.tobytes(), newline=False).decode()
