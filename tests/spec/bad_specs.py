"""Specs with a mistake that a person would make, and attacks; each with what the message has to say.

``SHAPES`` and ``ATTACKS`` are used twice: for the reader itself, and for the command line (exit status 2, one
message, no traceback, nothing written, quickly and in little memory).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

GOOD_NETWORK = """
title = "Pass"
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.1, 0.2], [0.3, 0.4]]
biases = [0, 0]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.5, 0.6]]
[[data]]
x = [1, 2]
t = [1]
[training]
learning_rate = 0.5
"""

GOOD_GRAPH = """
[graph]
output = "g"
parameters = ["x", "y"]
[graph.values]
x = 3
y = -4
[graph.nodes]
f = "x*y"
g = "f + x"
[training]
learning_rate = 0.1
"""


@dataclass(frozen=True)
class Bad:
    """A bad spec: every fragment of ``says`` stands in the message."""

    name: str
    text: str | Callable[[], str]
    says: tuple[str, ...]
    format: str = "toml"

    @property
    def content(self) -> str:
        """The text of the file."""
        return self.text() if callable(self.text) else self.text


def network(name: str, old: str, new: str, *says: str) -> Bad:
    """The good network with one thing changed."""
    assert old in GOOD_NETWORK, old
    return Bad(name, GOOD_NETWORK.replace(old, new, 1), says)


def graph(name: str, old: str, new: str, *says: str) -> Bad:
    """The good graph with one thing changed."""
    assert old in GOOD_GRAPH, old
    return Bad(name, GOOD_GRAPH.replace(old, new, 1), says)


def added(name: str, text: str, *says: str) -> Bad:
    """The good network with something added."""
    return Bad(name, GOOD_NETWORK + text, says)


def node(name: str, expression: str, *says: str) -> Bad:
    """The good graph with another expression for ``f``."""
    return Bad(name, GOOD_GRAPH.replace("x*y", expression, 1), says)


def value(name: str, number: str, *says: str) -> Bad:
    """The good graph with another number for ``x``."""
    return Bad(name, GOOD_GRAPH.replace("x = 3", f"x = {number}", 1), says)


KEYS = (
    network("misspelt activation", '"sigmoid"', '"sigmod"', "network.layers[1].activation", "unknown activation 'sigmod'",
            "did you mean 'sigmoid'? known: elu, gelu, identity, leaky_relu"),
    network("misspelt loss", "half_squared_error", "half_square_error", "network.loss", "did you mean 'half_squared_error'?"),
    network("misspelt key", "units = 2", "unit = 2", "network.layers[1]: the key 'units' is missing",
            "network.layers[1].unit: unknown key", "did you mean 'units'?"),
    network("misspelt table", "[training]", "[traning]", "traning: unknown key", "did you mean 'training'?"),
    network("key in the wrong table", 'loss = "half', 'learning_rate = 0.5\nloss = "half', "network.learning_rate",
            "'learning_rate' belongs in [training]"),
    network("key of a layer in the network", 'inputs = [', 'activation = "relu"\ninputs = [', "belongs in [[network.layers]]"),
    network("no loss", 'loss = "half_squared_error"', "", "network: the key 'loss' is missing"),
    network("no weights", "weights = [[0.5, 0.6]]", "", "network.layers[2]: the key 'weights' is missing", "one row per unit"),
    network("no data", "[[data]]\nx = [1, 2]\nt = [1]", "", "there is no [[data]]", "x = […], t = […]"),
    network("no target", "t = [1]", "", "data[1]: the key 't' is missing"),
    network("data called y", "t = [1]", "y = [1]", "data[1].y: unknown key"),
    network("upper case", '"sigmoid"', '"Sigmoid"', "did you mean 'sigmoid'?"),
    Bad("neither network nor graph", 'title = "x"', ("there is no [network] and no [graph]", "derive new")),
    Bad("empty file", "", ("there is no [network] and no [graph]",)),
    Bad("both network and graph", GOOD_NETWORK + '[graph.nodes]\nf = "1"\n', ("both [network] and [graph]", "remove the other")),
    Bad("no layers", '[network]\ninputs = 2\nloss = "hinge"\nlayers = []\n[[data]]\nx=[1,2]\nt=[1]', ("network.layers", "this list is empty")),
    added("both precisions", "[numbers]\ndecimals = 3\nsignificant = 4\n", "numbers: both 'significant' and 'decimals'", "keep one"),
    added("unknown preset", '[notation]\npreset = "greek"\n', "notation.preset: unknown word 'greek'", "bias_unit, flat"),
    added("unknown rounding", '[numbers]\nrounding = "never"\n', "numbers.rounding", "known: end, step"),
    added("exercise asks for nothing known", '[exercise]\nask = ["dE/dw3_1_1"]\n', "exercise.ask[1]", "the network has 2 layers"),
    added("marks for nothing known", '[marks]\nyhatt = 1\n', "marks.yhatt", "unknown quantity 'yhatt'", "did you mean 'yhat'?"),
    added("empty range", "[exercise]\nlow = 2\nhigh = -2\n", "exercise: low is not below high"),
)

SHAPES = (
    network("a short row of weights", "[0.3, 0.4]", "[0.3]", "network.layers[1].weights", "row 2 has 1 number, layer 1 has 2 inputs"),
    network("bias among the weights", "[[0.5, 0.6]]", "[[0.5, 0.6, 0]]", "row 1 has 3 numbers, layer 2 has 2 inputs", "biases have a list of their own"),
    network("a row too many", "[0.3, 0.4]]", "[0.3, 0.4], [1, 1]]", "3 rows of weights, layer 1 has 2 units"),
    network("transposed weights", "[[0.5, 0.6]]", "[[0.5], [0.6]]", "2 rows of weights, layer 2 has 1 unit", "look transposed"),
    network("weights without rows", "[[0.5, 0.6]]", "[0.5, 0.6]", "where a row of weights is expected", "[[0.1, 0.2], …]"),
    network("too many biases", "biases = [0, 0]", "biases = [0, 0, 0]", "network.layers[1].biases: 3 biases, layer 1 has 2 units"),
    network("two shared biases", "biases = [0, 0]", "biases = [0, 0]\nshared_bias = true", "2 biases, a shared bias is one number"),
    network("shared bias without biases", "biases = [0, 0]", "biases = false\nshared_bias = true", "without biases"),
    network("biases true", "biases = [0, 0]", "biases = true", "network.layers[1].biases", "a truth value"),
    network("an input too many", "x = [1, 2]", "x = [1, 2, 3]", "data[1].x: 3 numbers, the network has 2 inputs"),
    network("a bare input", "x = [1, 2]", "x = 1", "data[1].x", "a list of numbers", "[ … ]"),
    network("a target too many", "t = [1]", "t = [1, 0]", "data[1].t: 2 numbers, the network has 1 output"),
    network("data as one table", "[[data]]", "[data]", "data: a table where a list"),
    network("target outside 0 and 1", 'loss = "half_squared_error"', 'loss = "binary_cross_entropy"\n[[data]]\nx=[1,2]\nt=[2]\n[unknown]', "unknown key"),
    Bad("binary target of 2", GOOD_NETWORK.replace("half_squared_error", "binary_cross_entropy").replace("t = [1]", "t = [2]"),
        ("data[1].t[1]: the target 2 does not fit binary_cross_entropy", "between 0 and 1")),
    Bad("hinge target of 0", GOOD_NETWORK.replace("half_squared_error", "hinge").replace("t = [1]", "t = [0]"),
        ("the target 0 does not fit hinge", "-1 or 1")),
    Bad("negative class weight", GOOD_NETWORK.replace("half_squared_error", "cross_entropy").replace("t = [1]", "t = [-1]"),
        ("the target -1 does not fit cross_entropy",)),
    network("input twice", '["x1", "x2"]', '["x1", "x1"]', "network.inputs[2]: the name 'x1' stands twice"),
    network("input called like a weight", '["x1", "x2"]', '["x1", "w1_1_1"]', "network.inputs[2]: 'w1_1_1' is the name of a weight of layer 1"),
    network("input with a space", '["x1", "x2"]', '["x1", "hours of sleep"]', "'hours of sleep' is not a name"),
    network("input in Greek", '["x1", "x2"]', '["x1", "α"]', "'α' is not a name", "ASCII"),
    network("no inputs", '["x1", "x2"]', "[]", "network.inputs: this list is empty"),
    network("zero inputs", '["x1", "x2"]', "0", "network.inputs: 0 is too small"),
    network("zero units", "units = 1", "units = 0", "network.layers[2].units: 0 is too small", "at least 1"),
    network("half a unit", "units = 1", "units = 1.5", "network.layers[2].units: the number 1.5 where a whole number"),
    network("units as text", "units = 1", 'units = "1"', "the text '1' where a whole number"),
    network("parameter that relu has not", 'activation = "sigmoid"', 'activation = {name = "relu", slope = 0.1}',
            "network.layers[1].activation.slope: relu has no parameter 'slope'", "leaky_relu has 'slope'"),
    network("activation table without a name", 'activation = "sigmoid"', "activation = {slope = 0.1}", "the key 'name' is missing"),
    network("own activation in x", 'activation = "sigmoid"', 'activation = {name = "mine", expression = "x^2"}',
            "activation.expression: unknown name 'x'", "known: z"),
    network("own activation called relu", 'activation = "sigmoid"', 'activation = {name = "relu", expression = "z"}', "known already"),
    network("own loss with a wrong name", 'loss = "half_squared_error"', 'loss = {name = "mine", expression = "(yhat - y)^2"}',
            "network.loss.expression: unknown name 'y'", "yhat"),
    network("random without a kind", "[[0.5, 0.6]]", "{mean = 0}", "weights: the key 'random' is missing"),
    network("unknown random", "[[0.5, 0.6]]", '{random = "gauss"}', "weights.random: unknown word 'gauss'"),
    network("low of a normal", "[[0.5, 0.6]]", '{random = "normal", low = 0}', "'low' belongs in a table with random = \"uniform\""),
    network("low above high", "[[0.5, 0.6]]", '{random = "uniform", low = 1, high = 0}', "low is not below high"),
    network("negative deviation", "[[0.5, 0.6]]", '{random = "normal", std = -1}', "weights.std: -1 is negative"),
    network("negative learning rate", "= 0.5\n", "= -0.5\n", "training.learning_rate: -0.5 is not positive"),
    network("learning rate of zero", "learning_rate = 0.5", "learning_rate = 0", "0 is not positive"),
    added("no iterations", "iterations = 0\n", "training.iterations: 0 is too small"),
    added("a batch of nothing", "batch_size = 0\n", "training.batch_size: 0 is too small"),
    added("a batch larger than the data", "batch_size = 5\n", "a batch of 5 is larger than the data (1 rows)"),
    added("slope at the kink", "[conventions]\nrelu_at_zero = 2\n", "conventions.relu_at_zero", "known: 0, 1/2, 1"),
)  # fmt: skip

GRAPHS = (
    node("unknown name", "x*yy", "graph.nodes.f: unknown name 'yy'", "did you mean 'y'?"),
    node("unknown function", "sigmod(x)", "graph.nodes.f: unknown function 'sigmod'", "did you mean 'sigmoid'?"),
    node("missing bracket", "(x*y", "graph.nodes.f: a bracket is opened and not closed", "column 1"),
    node("missing sign", "2x", "a sign of multiplication is missing", "write 2*x"),
    node("empty expression", "", "graph.nodes.f", "there is no expression here"),
    node("an equation", "f = x*y", "graph.nodes.f", "'='"),
    node("python", "__import__('os').system('true')", "graph.nodes.f"),
    node("an attribute", "x.real", "graph.nodes.f"),
    node("one argument for max", "max(x)", "max needs two or more arguments"),
    node("a node that needs itself", "f + x", "graph.nodes.f: the nodes need each other in a circle: f needs f"),
    node("two nodes in a circle", "g + x", "f needs g, g needs f"),
    graph("a name that is a value and a node", 'g = "f + x"', 'g = "f"\ny = "x"', "graph.nodes.y: this name is a value too"),
    graph("a value used as a function", 'g = "f + x"', 'g = "x(f)"', "'x' is a quantity here, so it is not a function too"),
    graph("unknown output", 'output = "g"', 'output = "gg"', "graph.output: unknown node 'gg'", "did you mean 'g'?"),
    graph("a value as output", 'output = "g"', 'output = "x"', "graph.output: 'x' is a value, not a node"),
    graph("unknown parameter", '["x", "y"]', '["x", "w"]', "graph.parameters[2]: unknown value 'w'"),
    graph("a node as parameter", '["x", "y"]', '["x", "f"]', "graph.parameters[2]: 'f' is a node"),
    graph("a parameter twice", '["x", "y"]', '["x", "x"]', "graph.parameters[2]: 'x' stands twice"),
    graph("no nodes", 'f = "x*y"\ng = "f + x"', "", "graph.nodes: there are no nodes"),
    graph("a name with a minus", "x = 3", "x = 3\nx-1 = 2", "'x-1' is not a name"),
    graph("a name in Greek", "x = 3", 'x = 3\n"β" = 2', "'β' is not a name"),
    graph("sequential", "[training]", '[conventions]\nupdate_order = "sequential"\n[training]', "conventions.update_order",
          "layered networks only"),
    graph("data for a node", "[training]", "[[data]]\nf = 3\n[training]", "data[1].f: 'f' is a node"),
    graph("data without a value", "[training]", "[[data]]\nu = 1\n[[data]]\nx = 1\n[training]", "no value for 'u'"),
    graph("a parameter with several values", "[training]", "[[data]]\nx = 1\n[[data]]\nx = 2\n[training]",
          "graph.parameters[1]: 'x' is given by the data"),
    graph("nothing to differentiate by", '["x", "y"]', "[]", "graph.parameters: there is nothing to differentiate by"),
)  # fmt: skip

NUMBERS = (
    value("a number with a comma", '"0,5"', "graph.values.x", "comma"),
    value("a number that is a name", '"three"', "graph.values.x", "'three' is not a number"),
    value("a number that is a list", "[3]", "graph.values.x: a list where a number is expected"),
    value("a number that is true", "true", "graph.values.x: a truth value"),
    value("infinity", "inf", "graph.values.x", "finite"),
    value("not a number", "nan", "graph.values.x", "finite"),
    value("a root of a negative number", '"sqrt(-2)"', "graph.values.x: 'sqrt(-2)' has no real value: sqrt of -2"),
    value("a division by zero", '"1/0"', "graph.values.x: '1/0' has no real value: division by 0"),
    value("a date", "2024-05-01", "graph.values.x: a date where a number is expected"),
    value("a number of 1001 digits", "1" * 1001, "graph.values.x: a number of more than 1,000 digits"),
    value("a number of 5000 digits", "1" * 5000, "a number has at most 1,000 digits", "line 6"),
    value("a huge exponent", "1e999999999", "graph.values.x: the exponent of this number is too large", "±10,000"),
    value("a tiny exponent", "1e-10001", "the exponent of this number is too large"),
    value("a tower of powers", '"9^9^9^9"', "graph.values.x", "exponent"),
    value("a tower of exponentials", '"exp(exp(exp(exp(9))))"', "graph.values.x", "too large"),
)

FILES = (
    Bad("not TOML", "title = Pass", ("this is not TOML", "line 1", "quotes")),
    Bad("duplicate key", 'title = "a"\ntitle = "b"\n', ("cannot overwrite a value", "line 2")),
    Bad("duplicate table", "[training]\n[training]\n", ("cannot declare",)),
    Bad("an open list", "x = [1, 2", ("this is not TOML",)),
    Bad("not JSON", '{"title": Pass}', ("this is not JSON", "line 1, column 11"), "json"),
    Bad("JSON list", "[1, 2]", ("a spec is a JSON object",), "json"),
    Bad("duplicate key in JSON", '{"title": "a", "title": "b"}', ('the key "title" stands twice',), "json"),
    Bad("NaN in JSON", '{"graph": {"values": {"x": NaN}}}', ("NaN is not a number",), "json"),
    Bad("half a character in JSON", '{"title": "\\ud800"}', ("title: the text holds the control character U+D800",), "json"),
    network("a number as title", '"Pass"', "3", "title: the number 3 where text is expected"),
    network("a control character in the title", '"Pass"', '"\\u001b[31mPass"', "title: the text holds the control character U+001B"),
    network("a text that turns around", '"Pass"', '"Pass \\u202E!"', "U+202E"),
    network("a line break in the title", '"Pass"', '"Pa\\nss"', "title: the text has a line break"),
    network("remarks as text", 'title = "Pass"', 'title = "Pass"\nremarks = "one"', "remarks: the text 'one' where a list"),
)  # fmt: skip


def tex(name: str, text: str, *says: str) -> Bad:
    """The good network with TeX for one weight."""
    return Bad(name, GOOD_NETWORK + f"[notation.names]\nw1_1_1 = '{text}'\n", says)


TEX = (
    tex("TeX that reads a file", r"\input{/etc/passwd}", "notation.names.w1_1_1", r"the command \input is not allowed"),
    tex("TeX that runs a program", r"\write18{true}", r"\write is not allowed"),
    tex("TeX that redefines", r"\def\x{\x}\x", r"\def is not allowed"),
    tex("TeX that redefines quietly", r"\csname input\endcsname", r"\csname is not allowed"),
    tex("TeX that leaves the formula", "w$ x $", "'$' is not allowed"),
    tex("TeX with a comment", "w%", "'%' is not allowed"),
    tex("TeX with a hash", "#1", "'#' is not allowed"),
    tex("TeX with hat characters", "^^5cinput", "notation.names.w1_1_1"),
    tex("TeX with an open brace", "w_{1", "a brace is opened and not closed"),
    tex("TeX with a closed brace", "w_1}", "a brace is closed that was not opened"),
    tex("TeX with two superscripts", "w^1^2", "two '^' in a row"),
    tex("TeX with nothing under the hat", r"\hat", r"nothing stands after \hat"),
    tex("TeX that ends in a script", "w_", "nothing stands after"),
    tex("TeX with an accent of an accent without braces", r"\hat\bar w", r"\hat"),
    tex("empty TeX", "", "the TeX is empty"),
    added("TeX of nothing known", "[notation.names]\nw3_1_1 = 'w'\n", "notation.names.w3_1_1: 'w3_1_1': the network has 2 layers"),
    added("TeX twice", "[notation.names]\nw1_1_1 = 'w'\nw1_11 = 'v'\n", "'w1_1_1' has two notations"),
    added("TeX of the loss", "[notation]\nloss = '\\loss'\n", r"notation.loss: the command \loss is not allowed"),
)  # fmt: skip

LAYER = "[[network.layers]]\nunits = {}\nweights = {}\n"
ATTACKS = (
    Bad("a tower of brackets", lambda: "x = " + "[" * 1_000_000, ("brackets are nested too deeply",)),
    Bad("a tower of tables", lambda: "x = " + "{x = " * 100_000, ("brackets are nested too deeply",)),
    Bad("a tower of brackets in JSON", lambda: "[" * 1_000_000, ("brackets are nested too deeply",), "json"),
    Bad("a tower of tables in JSON", lambda: '{"a":' * 100_000, ("brackets are nested too deeply",), "json"),
    Bad("a key of many parts", lambda: "a." * 1_000_000 + "a = 1", ("a dotted key of more than 40 parts",)),
    Bad("a quoted key of many parts", lambda: '"a".' * 50_000 + "a = 1", ("a dotted key of more than 40 parts",)),
    Bad("a key of many quoted quotes", lambda: r'"\"".' * 50_000 + "a = 1", ("a dotted key of more than 40 parts",)),
    Bad("a table of many parts", lambda: "[" + "a." * 50_000 + "a]", ("a dotted key of more than 40 parts",)),
    Bad("many tables", lambda: "".join(f"[a{i}.b]\n" for i in range(200_000)), ("more than 2,000 tables",)),
    Bad("many keys", lambda: "".join(f"a{i} = 1\n" for i in range(100_000)), ("a0: unknown key", "more unknown keys")),
    Bad("many values", lambda: "[graph.values]\n" + "".join(f"x{i} = 1\n" for i in range(100_000))
        + '[graph.nodes]\nf = "y"\n', ("graph.nodes.f: unknown name 'y'",)),
    Bad("a circle of many nodes", lambda: "[graph.values]\nx = 1\n[graph.nodes]\n" + "".join(
        f'n{i} = "n{i + 1}"\n' for i in range(20_000)) + 'n20000 = "n0"\n', ("in a circle: n0 needs n1", "…")),
    Bad("ten megabytes of brackets", lambda: '[graph.nodes]\nf = "' + "(" * 10_000_000 + '"\n', ("graph.nodes.f",)),
    Bad("ten megabytes of letters", lambda: "a" * 10_000_000, ("this is not TOML",)),
    Bad("ten megabytes of numbers", lambda: "x = [" + "1," * 5_000_000 + "1]", ("a list of more than 1,000,000 numbers",)),
    Bad("ten megabytes of numbers in JSON", lambda: '{"x": [' + "1," * 5_000_000 + "1]}",
        ("a list of more than 1,000,000 numbers",), "json"),
    node("a deep expression", "(" * 1_000 + "x" + ")" * 1_000, "nests more than 100 deep"),
    node("deep functions", "exp(" * 200 + "x" + ")" * 200, "nests more than 100 deep"),
    node("many terms", "x" + "+x" * 20_000, "more than 10,000 terms"),
    node("many signs", "-" * 200_000 + "x", "graph.nodes.f"),
    node("a tower of exponents", "x^" * 500 + "x", "nests more than 100 deep"),
    node("a large exponent", "x^10001", "exponent is too large"),
    Bad("a billion units", '[network]\ninputs = 1\nloss = "hinge"\n' + LAYER.format(10**9, 1) + "[[data]]\nx=[1]\nt=[1]\n",
        ("network.layers[1].units: 1000000000 is too large", "at most 1,000,000")),
    Bad("a million and one parameters", '[network]\ninputs = 1000\nloss = "hinge"\n' + LAYER.format(1000, 1),
        ("network.layers: the network has 1,001,000 parameters", "1,000,000")),
    Bad("huge random weights", '[network]\ninputs = 100000\nloss = "hinge"\n' + LAYER.format(
        100_000, '{random = "normal"}'), ("parameters", "1,000,000")),
    Bad("many layers", lambda: '[network]\ninputs = 1\nloss = "hinge"\n' + LAYER.format(1, 1) * 10_001,
        ("network.layers: 10,001 entries",)),
    Bad("many samples", lambda: "[[data]]\nx = [1]\n" * 100_001, ("data: 100,001 entries", "100,000")),
    Bad("many iterations", GOOD_NETWORK + "iterations = 10001\n", ("training.iterations: 10001 is too large", "10,000")),
    Bad("an endless whole number", GOOD_NETWORK + "iterations = " + "9" * 4_000, ("training.iterations",)),
    Bad("a long name", GOOD_GRAPH.replace("x = 3", "x = 3\n" + "y" * 5_000 + " = 2"), ("is not a name",)),
)  # fmt: skip

BAD_SPECS: tuple[Bad, ...] = (*KEYS, *SHAPES, *GRAPHS, *NUMBERS, *FILES, *TEX, *ATTACKS)
