"""Claims that somebody sends to break the program: code, towers, nesting, garbage by the megabyte, broken TeX.

Each case is a name, the ending of the file, and its content; what is expected of all of them is in the test.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

MEGABYTE = 1 << 20
Case = tuple[str, str, bytes]


def _text(name: str, content: str, ending: str = "txt") -> Case:
    return name, ending, content.encode("utf-8", "surrogatepass")[:MEGABYTE]


def _code() -> Iterator[Case]:
    yield _text("import", "yhat = __import__('os').system('touch /tmp/owned')\n")
    yield _text("exec", 'E = exec("print(1)") = 3\n')
    yield _text("lambda", "(lambda: 3)() = 3\n")
    yield _text("attributes", "yhat.__class__.__mro__[1].__subclasses__() = 3\n")
    yield _text("format string", "{0.__class__} = {{7*7}} = {% include 'x' %}\n")
    yield _text("template", "$ {{ cycler.__init__.__globals__.os.popen('id').read() }} = 1 $\n", "md")
    yield _text("shell", "`rm -rf /` = $(id) = 1\n")
    yield _text("write18", r"$\immediate\write18{touch /tmp/owned} = \input{/etc/passwd}$", "tex")
    yield _text("newcommand", r"\newcommand{\x}{\x\x}\[\x = \x\]", "tex")
    yield _text(
        "newcommand of much", r"\newcommand{\x}{" + "1+" * 190 + r"1} \[" + r"\x+" * 200_000 + r"1 = \x\]", "tex"
    )
    yield _text(
        "newcommand in newcommand",
        r"\newcommand{\x}[1]{#1#1#1}$" + r"\x{" * 50_000 + "1" + "}" * 50_000 + "= 1$",
        "tex",
    )
    yield _text("def loop", r"\def\a{\b}\def\b{\a}\begin{align} \a &= \b \end{align}", "tex")
    yield _text("csname", r"\[ \csname input\endcsname = \catcode`\%=12 \]", "tex")
    yield _text("sql", "'; DROP TABLE marks; -- = 1\n")
    yield _text("html", "<script>alert(1)</script> = <img src=x onerror=alert(1)>\n", "md")


def _numbers() -> Iterator[Case]:
    yield _text("tower", "9^9^9^9^9^9^9 = 1\n")
    yield _text("long tower", "2" + "^2" * 5000 + " = 1\n")
    yield _text("tex tower", "$ 9^{9^{9^{9^{9}}}} = 1 $", "md")
    yield _text("large exponent", "10^10000*10^10000 = 1e99999 = 2^99999999999\n")
    yield _text("nested exponentials", "exp(exp(exp(exp(exp(9))))) = 1\n")
    yield _text("sum of powers", " + ".join(f"{n}^9999" for n in range(2, 400)) + " = 0\n")
    yield _text("factor of zero", "1/0 = 0/0 = ln(0) = sqrt(-1) = 3\n")
    yield _text("long number", "yhat = 0." + "3" * 100_000 + "\n")
    yield _text("long exponent", "yhat = 1e" + "9" * 5_000 + "\n")
    yield _text("tiny difference", "yhat = yhat + 1e-9999\n")
    yield _text("digits of every script", "yhat = ١٢٣ = ¹²³ = ⅧⅨ = 𝟛.𝟙𝟜 = ０．５\n")
    yield _text("sine of much", "sin(10^9999) = cos(10^9999) = tan(1e9999)\n")


def _nesting() -> Iterator[Case]:
    yield _text("brackets", "(" * 500_000 + "1" + ")" * 500_000 + " = 1\n")
    yield _text("open brackets", "yhat = " + "(" * 1_000_000 + "\n")
    yield _text("closing brackets", "yhat = " + ")" * 1_000_000 + "\n")
    yield _text("signs", "yhat = " + "-" * 1_000_000 + "1\n")
    yield _text("braces", "$ " + "{" * 400_000 + " = " + "}" * 400_000 + " $", "md")
    yield _text("fractions", "$ " + r"\frac{1}{" * 20_000 + "1" + "}" * 20_000 + " = 1 $", "tex")
    yield _text("roots", "$ 1 = " + r"\sqrt" * 100_000 + " 2 $", "tex")
    yield _text("roots in roots", r"\[ E = " + r"\sqrt{" * 500 + "2" + "}" * 500 + r" \]", "tex")
    yield _text("roots that are read", r"\[ E = " + r"\sqrt{" * 90 + "2" + "}" * 90 + r" \]", "tex")
    yield _text("divisions", "1" + "/2" * 40_000 + " = 0\n")
    yield _text("functions", "exp(" * 20_000 + "0" + ")" * 20_000 + " = 1\n")
    yield _text("bars", "yhat = " + "|" * 100_000 + "\n")
    yield _text("underbraces", "$ a = " + r"\underbrace{" * 10_000 + "1" + "}_{1}" * 10_000 + " $", "tex")
    yield _text("environments", r"\begin{aligned}" * 20_000 + " a = 1 " + r"\end{aligned}" * 20_000, "tex")
    yield _text("matrices", "$ x = " + r"\begin{bmatrix}" * 20_000 + " $", "tex")
    yield _text("accents", "$ " + r"\hat" * 100_000 + " y = 1 $", "tex")
    yield _text("primes", "w2_1_1" + "'" * 100_000 + " = 1\n")


def _much() -> Iterator[Case]:
    one = random.Random(7)
    letters = "abxyzwEt0123456789_^{}()[]=+-*/\\&$,.'@| \n∂σδŷ₁²≈"
    yield _text("garbage", "".join(one.choices(letters, k=400_000)))
    yield _text("garbage in markdown", "".join(one.choices(letters, k=400_000)), "md")
    yield _text("garbage in latex", "".join(one.choices(letters, k=400_000)), "tex")
    yield "random bytes", "txt", one.randbytes(200_000)
    yield "zeros", "txt", b"\0" * 100_000 + b"= 1"
    yield _text("equals", "=" * 1_000_000)
    yield _text("equals apart", "= " * 500_000)
    yield _text("chain", "1" + " = 1" * 200_000)
    yield _text("bare letters", "yhat" + " = z = sigma(a)" * 4_000 + "\n")
    yield _text("units of some layer", "h_1 = 0.9\nz_2 = 0.3\n" * 4_000)
    yield _text("sums over lines", "yhat = 1\n" + "+ 1\n" * 100_000)
    yield _text("equations of a display", "$$\n" + "\\hat y = 0.521\n" * 15_000 + "$$", "md")
    yield _text("lines", "yhat = 0.521\n" * 75_000)
    yield _text("unknown lines", "foo = 1\n" * 120_000)
    yield _text("one long sum", "yhat = " + " + ".join(["x1"] * 150_000))
    yield _text("one long product", "yhat = " + "*".join(["x1"] * 100_000))
    yield _text("dollars", "$" * 1_000_000, "md")
    yield _text("dollar pairs", "$a=1$" * 200_000, "md")
    yield _text("open displays", r"\[ a = 1 " * 100_000, "tex")
    yield _text("open environments", r"\begin{align} a = 1 " * 40_000, "md")
    yield _text("comments", "%" * 1_000_000 + "\n$ yhat = 1 $", "tex")
    yield _text("backslashes", "\\" * 1_000_000, "tex")
    yield _text("ticks", "`" * 1_000_000, "md")
    yield _text("fences", "```\n" * 200_000 + "$ a = 1 $", "md")
    yield _text("ampersands", r"\begin{align} " + "a &= 1 & " * 60_000 + r"\end{align}", "tex")
    yield _text("commas", "a = 1, " * 100_000)
    yield _text("wide matrix", "x = [" + "1, " * 200_000 + "1]\n")
    yield _text("matrix products", "x = " + "[1, 2; 3, 4]" * 5_000 + "\n")
    yield _text("entries that grow", "x1 = " + "⊙".join(["[x1 + x2; x1]"] * 2_000) + "\n")
    yield _text("derivatives", "∂/∂x1 " * 50_000 + "yhat = 1\n")
    yield _text("sums over ranges", r"$ 1 = \sum_{k=1}^{400} k $ " * 20_000, "md")
    yield _text("sums of sums", "$ 1 = " + "".join(rf"\sum_{{{c}=1}}^{{900}}" for c in "abcdfghij") + " a $", "md")
    yield _text("sums without a range", "$ 1 = " + r"\sum_k x_k + " * 15_000 + "x_1 $ ", "md")
    yield _text("sums in sums without a range", "$ 1 = " + r"\sum_k \sum_j " * 5_000 + "x_k x_j $ ", "md")
    yield _text("samples", "Sample 1 " * 100_000 + "\nyhat = 0.5 Sample 2\n")
    yield _text("small differences", "".join(f"yhat = yhat + 1e-{9999 - k}\n" for k in range(9_000)))
    yield _text("gradients", "∇" * 100_000 + " = 1\n")
    yield _text("gradients of gradients", "grad_" * 3_000 + "x1 = 3\n")


def _strange() -> Iterator[Case]:
    yield _text("nothing", "")
    yield _text("no relation", "The student wrote nothing here.\n")
    yield _text("byte order mark", "\ufeffyhat = 0.521\n")
    yield _text("right to left", "yhat \u202e= 125.0\u202c\n")
    yield _text("terminal", "yhat = \x1b]0;owned\x07\x1b[2J 3\n")
    yield _text("fences of ours", "yhat = \x01\x02\x03 3\n")
    yield _text("surrogates", "yhat = \ud800 3\n")
    yield _text("combining", "y" + "\u0302" * 50_000 + " = 1\n")
    yield _text("indices", "w1_" + "9" * 100_000 + " = 1\n")
    yield _text("rows", "z1_1[99999999999999999999] = yhat[0] = 1\n")
    yield _text("steps", "yhat@999999999999999999999999 = 1\n")
    yield _text("step beyond", "yhat@99999 = 0.5\n")
    yield _text("carriage returns", "yhat = 0.521\r" * 1_000)
    yield _text("spreadsheet", "=cmd|' /C calc'!A0 = 1\n@SUM(1+1)*cmd = 1\n")


def cases() -> Iterator[Case]:
    """All of them."""
    for group in (_code, _numbers, _nesting, _much, _strange):
        yield from group()
