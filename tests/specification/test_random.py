"""Random numbers: pinned, because the same spec has to give the same numbers everywhere and for ever."""

from __future__ import annotations

import math
from itertools import islice

from flint import fmpq

from derive import specification
from derive.specification.numerals import value_of
from derive.specification.random import Random, splitmix64, written


def texts(table: Random, count: int, stream: int = 0) -> list[str]:
    return [given.text for given in table.numbers(count, stream)]


def test_generator_against_its_published_words() -> None:
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert list(islice(splitmix64(1234567), 5)) == published


def test_pinned_numbers() -> None:
    normal = Random("normal", fmpq(0), fmpq(1, 10), 4, 3)
    uniform = Random("uniform", fmpq(-1), fmpq(1), 2, 3)
    assert texts(normal, 4) == ["0.1364", "-0.0288", "-0.2086", "-0.0752"]
    assert texts(uniform, 4) == ["-0.24", "0.93", "-0.83", "0.11"]


def test_distributions() -> None:
    normal = [float(value_of(g)) for g in Random("normal", fmpq(2), fmpq(3), 6, 1).numbers(4000, 0)]
    mean = sum(normal) / len(normal)
    assert abs(mean - 2) < 0.15
    assert abs(math.sqrt(sum((x - mean) ** 2 for x in normal) / len(normal)) - 3) < 0.1
    uniform = [float(value_of(g)) for g in Random("uniform", fmpq(-1), fmpq(3), 6, 1).numbers(4000, 0)]
    assert abs(sum(uniform) / len(uniform) - 1) < 0.06
    assert -1 <= min(uniform) < -0.99
    assert 2.99 < max(uniform) <= 3


def test_seed_and_stream_change_the_numbers() -> None:
    first = Random("uniform", fmpq(0), fmpq(1), 6, 0)
    assert texts(first, 5) != texts(first, 5, stream=1)
    assert texts(first, 5) != texts(Random("uniform", fmpq(0), fmpq(1), 6, 1), 5)
    assert texts(first, 5) == texts(first, 9)[:5]


def test_no_seed_of_one_layer_is_another_seed_of_the_next() -> None:
    tables = [Random("uniform", fmpq(0), fmpq(1), 6, seed) for seed in range(12)]
    drawn = {tuple(texts(table, 3, stream)) for table in tables for stream in range(12)}
    assert len(drawn) == 12 * 12


def test_no_deviation() -> None:
    assert texts(Random("normal", fmpq(1, 20), fmpq(0), 1, 0), 2) == ["0.1", "0.1"]
    assert texts(Random("normal", fmpq(-1, 20), fmpq(0), 1, 0), 1) == ["-0.1"]


def test_layers_differ_though_the_seed_is_the_same() -> None:
    layer = '[[network.layers]]\nunits = 2\nweights = {random = "normal"}\nbiases = {random = "normal"}\n'
    read = specification.loads('[network]\ninputs = 2\nloss = "hinge"\n' + layer * 2 + "[[data]]\nx=[1,1]\nt=[1,1]\n")
    assert read.network is not None
    first, second = read.network.layers
    assert first.weights != second.weights
    assert first.biases != second.biases
    assert first.biases != first.weights[0]


def test_written_keeps_the_decimals() -> None:
    assert [written(n, 2).text for n in (150, -5, 0, 7)] == ["1.50", "-0.05", "0", "0.07"]
    assert written(-12, 0).text == "-12"
    assert value_of(written(-150, 2)) == fmpq(-3, 2)
