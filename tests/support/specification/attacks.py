"""Numbers, files and TeX that cannot be read, and specs that are meant to do harm."""

from __future__ import annotations

from tests.support.specification.spoilt import GOOD_GRAPH, GOOD_NETWORK, Bad, added, network, node, tex, value

NUMBERS = (
    value("a number with a comma", '"0,5"', "graph.values.x", "comma"),
    value("a number that is a name", '"three"', "graph.values.x", "'three' is not a number"),
    value("a number that is a list", "[3]", "graph.values.x: a list where a number is expected"),
    value("a number that is true", "true", "graph.values.x: a truth value"),
    value("infinity", "inf", "graph.values.x", "finite"),
    value("not a number", "nan", "graph.values.x", "finite"),
    value("a root of a negative number", '"sqrt(-2)"', "graph.values.x: 'sqrt(-2)': sqrt of -2 has no real value"),
    value("a division by zero", '"1/0"', "graph.values.x: '1/0': division by 0 is undefined"),
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
    Bad("NaN in JSON", '{"graph": {"values": {"x": NaN}}}', ("graph.values.x: NaN is not a number",), "json"),
    Bad(
        "Infinity in JSON",
        '{"graph": {"values": {"x": 1}, "nodes": {"y": "x"}}, "training": {"learning_rate": -Infinity}}',
        ("training.learning_rate: -Infinity is not a number",),
        "json",
    ),
    Bad(
        "NaN iterations in JSON",
        '{"graph": {"values": {"x": 1}, "nodes": {"y": "x"}}, "training": {"iterations": NaN}}',
        ("training.iterations: ", "NaN"),
        "json",
    ),
    Bad(
        "half a character in JSON",
        '{"title": "\\ud800"}',
        ("title: the text holds the control character U+D800",),
        "json",
    ),
    network("a number as title", '"Pass"', "3", "title: the number 3 where text is expected"),
    network(
        "a control character in the title",
        '"Pass"',
        '"\\u001b[31mPass"',
        "title: the text holds the control character U+001B",
    ),
    network("a text that turns around", '"Pass"', '"Pass \\u202E!"', "U+202E"),
    network("a line break in the title", '"Pass"', '"Pa\\nss"', "title: the text has a line break"),
    network(
        "remarks as text", 'title = "Pass"', 'title = "Pass"\nremarks = "one"', "remarks: the text 'one' where a list"
    ),
    network(
        "a meaning of nothing",
        'title = "Pass"',
        'title = "Pass"\nmeaning = {w9_1_1 = "w"}',
        "meaning.w9_1_1: 'w9_1_1': the network has 2 layers",
    ),
    network(
        "a meaning of an unknown name",
        'title = "Pass"',
        'title = "Pass"\nmeaning = {yhatt = "p"}',
        "meaning.yhatt: unknown quantity 'yhatt'",
        "did you mean 'yhat'?",
    ),
    network(
        "two meanings",
        'title = "Pass"',
        'title = "Pass"\nmeaning = {yhat = "p", yhat1 = "q"}',
        "meaning.yhat1: 'yhat' has two meanings",
        "keep one of them",
    ),
    network(
        "a meaning that is a number",
        'title = "Pass"',
        'title = "Pass"\nmeaning = {yhat = 3}',
        "meaning.yhat: the number 3 where text is expected",
    ),
    network(
        "a difference as text",
        'title = "Pass"',
        'title = "Pass"\ndiffers = ["base 2"]',
        "differs[1]: the text 'base 2' where a table is expected",
        'write { says = "…", is = "…", effect = "…" }',
    ),
    network(
        "half a difference",
        'title = "Pass"',
        'title = "Pass"\ndiffers = [{says = "base 2", was = "e"}]',
        "differs[1]: the key 'is' is missing",
        "differs[1].was: unknown key",
    ),
)


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
    added(
        "TeX of nothing known",
        "[notation.names]\nw3_1_1 = 'w'\n",
        "notation.names.w3_1_1: 'w3_1_1': the network has 2 layers",
    ),
    added("TeX twice", "[notation.names]\nw1_1_1 = 'w'\nw1_11 = 'v'\n", "'w1_1_1' has two notations"),
    added(
        "TeX twice for the loss",
        "[notation]\nloss = 'K'\nnames = {E = 'J'}\n",
        "notation.names.E: 'E' has two notations",
    ),
    added(
        "two that look alike", "[notation.names]\nw1_1_1 = 'w'\nw1_12 = ' w'\n", "'w1_1_2' would look like 'w1_1_1': w"
    ),
    added(
        "TeX of another", "[notation.names]\nw1_1_1 = 'x_{1}'\n", "notation.names.w1_1_1: 'w1_1_1' would look like 'x1'"
    ),
    added("a loss like a target", "[notation]\nloss = 't'\n", "notation.loss: 'E' would look like 't'"),
    added("TeX of the loss", "[notation]\nloss = '\\loss'\n", r"notation.loss: the command \loss is not allowed"),
)

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
    Bad(
        "many values",
        lambda: "[graph.values]\n" + "".join(f"x{i} = 1\n" for i in range(100_000)) + '[graph.nodes]\nf = "y"\n',
        ("graph.nodes.f: unknown name 'y'",),
    ),
    Bad(
        "a circle of many nodes",
        lambda: (
            "[graph.values]\nx = 1\n[graph.nodes]\n"
            + "".join(f'n{i} = "n{i + 1}"\n' for i in range(20_000))
            + 'n20000 = "n0"\n'
        ),
        ("in a circle: n0 needs n1", "…"),
    ),
    Bad("ten megabytes of brackets", lambda: '[graph.nodes]\nf = "' + "(" * 10_000_000 + '"\n', ("graph.nodes.f",)),
    Bad("ten megabytes of letters", lambda: "a" * 10_000_000, ("this is not TOML",)),
    Bad(
        "ten megabytes of numbers",
        lambda: "x = [" + "1," * 5_000_000 + "1]",
        ("a list of more than 1,000,000 numbers",),
    ),
    Bad(
        "ten megabytes of numbers in JSON",
        lambda: '{"x": [' + "1," * 5_000_000 + "1]}",
        ("a list of more than 1,000,000 numbers",),
        "json",
    ),
    node("a deep expression", "(" * 1_000 + "x" + ")" * 1_000, "nests more than 100 deep"),
    node("deep functions", "exp(" * 200 + "x" + ")" * 200, "nests more than 100 deep"),
    node("many terms", "x" + "+x" * 20_000, "more than 10,000 terms"),
    node("many signs", "-" * 200_000 + "x", "graph.nodes.f"),
    node("a tower of exponents", "x^" * 500 + "x", "nests more than 100 deep"),
    node("a large exponent", "x^10001", "exponent is too large"),
    Bad(
        "a billion units",
        '[network]\ninputs = 1\nloss = "hinge"\n' + LAYER.format(10**9, 1) + "[[data]]\nx=[1]\nt=[1]\n",
        ("network.layers[1].units: 1000000000 is too large", "at most 1,000,000"),
    ),
    Bad(
        "a million and one parameters",
        '[network]\ninputs = 1000\nloss = "hinge"\n' + LAYER.format(1000, 1),
        ("network.layers: the network has 1,001,000 parameters", "1,000,000"),
    ),
    Bad(
        "huge random weights",
        '[network]\ninputs = 100000\nloss = "hinge"\n' + LAYER.format(100_000, '{random = "normal"}'),
        ("parameters", "1,000,000"),
    ),
    Bad(
        "many layers",
        lambda: '[network]\ninputs = 1\nloss = "hinge"\n' + LAYER.format(1, 1) * 10_001,
        ("network.layers: 10,001 entries",),
    ),
    Bad("many samples", lambda: "[[data]]\nx = [1]\n" * 100_001, ("data: 100,001 entries", "100,000")),
    Bad(
        "many iterations", GOOD_NETWORK + "iterations = 10001\n", ("training.iterations: 10001 is too large", "10,000")
    ),
    Bad("an endless whole number", GOOD_NETWORK + "iterations = " + "9" * 4_000, ("training.iterations",)),
    Bad("a long name", GOOD_GRAPH.replace("x = 3", "x = 3\n" + "y" * 5_000 + " = 2"), ("is not a name",)),
)
