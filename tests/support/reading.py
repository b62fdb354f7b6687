"""A small reader of ``expression`` strings in doubles, written for the tests alone (Python's ``ast``, a whitelist)."""

import ast
import math
import re

NAME = re.compile(r"d[A-Za-z]\w*/d[A-Za-z]\w*(\[\d+\])?|[A-Za-z]\w*'?(\[\d+\])?")
FUNCTIONS = {
    "exp": math.exp, "ln": math.log, "sqrt": math.sqrt, "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh, "sign": lambda z: (z > 0) - (z < 0), "step": lambda z: float(z >= 0), "max": max, "min": min,
    "cos": math.cos, "sin": math.sin,
}  # fmt: skip


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def normal(z):
    return math.erfc(-z / math.sqrt(2)) / 2


SLOPES = {
    "relu'": lambda z: float(z > 0),
    "leaky_relu'": lambda z, slope=0.01: 1.0 if z > 0 else slope,
    "elu'": lambda z, alpha=1.0: 1.0 if z > 0 else alpha * math.exp(z),
    "gelu'": lambda z: normal(z) + z * math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
    "silu'": lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z))),
}


def value_of_expression(text, found, k):
    """The value of an expression with the values and gradients of iteration ``k`` of the JSON report put in."""
    iteration = found["iterations"][k]
    replaced, numbers = [], {}

    def lookup(match):
        word = match.group()
        if word in FUNCTIONS or word in SLOPES:
            replaced.append(word)
            return f"F{len(replaced) - 1}"
        key = f"V{len(numbers)}"
        numbers[key] = quantity(word, iteration, found["output"])
        return key

    tree = ast.parse(NAME.sub(lookup, text).replace("^", "**"), mode="eval")
    return evaluate(tree.body, numbers, replaced)


def quantity(word, iteration, output):
    """The number that a name stands for: a value, a δ, a derivative, an updated parameter; ``[row]`` its sample."""
    base, _, mark = word.partition("[")
    rows = {sample["row"]: sample for sample in iteration["samples"]}
    sample = rows[int(mark[:-1])] if mark else iteration["samples"][0]
    if base.endswith("'"):
        return float(iteration["updated"][base[:-1]])
    if base in sample["values"]:
        return float(sample["values"][base])
    if base.startswith("delta"):
        return float(sample["gradients"]["z" + base[5:]])
    head, _, by = base.partition("/")
    assert head == f"d{output}", word
    return float(sample["gradients"][by[1:]])


def evaluate(node, numbers, functions):
    """The value of a parsed expression; anything but arithmetic and calls is an error."""
    match node:
        case ast.Constant(value=value):
            return float(value)
        case ast.Name(id=name):
            return numbers[name]
        case ast.UnaryOp(op=ast.USub(), operand=a):
            return -evaluate(a, numbers, functions)
        case ast.BinOp(left=a, op=op, right=b):
            x, y = evaluate(a, numbers, functions), evaluate(b, numbers, functions)
            return (
                {ast.Add: x + y, ast.Sub: x - y, ast.Mult: x * y}.get(type(op))
                if type(op) not in (ast.Div, ast.Pow)
                else (x / y if isinstance(op, ast.Div) else x**y)
            )
        case ast.Call(func=ast.Name(id=name), args=args):
            word = functions[int(name[1:])]
            return {**FUNCTIONS, **SLOPES}[word](*(evaluate(a, numbers, functions) for a in args))
    raise TypeError(ast.dump(node))
