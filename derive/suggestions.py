"""What a user may have meant by a word that we do not know: near spellings, and names that other programs have.

``nearest`` is the hint of every message about an unknown name or key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from derive.errors import MAX_OF_A_WORD

MAX_LISTED = 200
"""At most this many characters has a list of known words."""

MAX_COMPARED = 2_000
"""At most this many known words are compared with a wrong one."""


def _table(**entries: str) -> Mapping[str, tuple[str, ...]]:
    """From ours → theirs to theirs → ours, the likeliest first."""
    found: dict[str, tuple[str, ...]] = {}
    for ours, theirs in entries.items():
        for word in theirs.split():
            found[word] = (*found.get(word, ()), ours)
    return MappingProxyType(found)


ALSO_CALLED = _table(
    # losses
    mean_squared_error="mse mseloss squared meansquare rmse",
    mean_absolute_error="mae maeloss l1loss",
    squared_error="mse l2 l2loss sse se sumofsquares squaredloss leastsquares",
    half_squared_error="mse halfmse quadratic quadraticcost",
    absolute_error="mae l1 sae absolute",
    binary_cross_entropy="bce bceloss bcewithlogits logloss logistic logisticloss binarycrossentropyloss binaryce",
    cross_entropy="ce xent xentropy nll nllloss crossentropyloss categoricalcrossentropy softmaxcrossentropy cce "
    "negativeloglikelihood",
    hinge="hingeloss svm maxmargin",
    huber="smoothl1 smoothl1loss huberloss",
    log_cosh="logcoshloss",
    # activations and functions
    sigmoid="logistic logit sig sigm expit logsig sigma",
    identity="linear none id lin noactivation passthrough null",
    leaky_relu="lrelu prelu leaky",
    relu="rectifier rectified rectifiedlinear ramp",
    silu="swish swish1",
    softplus="smoothrelu",
    tanh="tansig hyperbolictangent th tgh",
    hard_tanh="hardtanh htanh",
    hard_sigmoid="hardsigmoid hsigmoid",
    hard_swish="hardswish hswish",
    clip="clamp bound",
    softmax="normalizedexponential normalisedexponential",
    step="heaviside threshold unitstep theta",
    sign="sgn signum",
    abs="absolute fabs modulus",
    log10="lg",
    log2="lb ld",
    ln="loge naturallog naturallogarithm",
    sqrt="root squareroot",
    exp="exponential",
    sinh="sh",
    cosh="ch",
    tan="tg",
    max="maximum fmax amax",
    min="minimum fmin amin",
    # keys of a spec
    learning_rate="lr eta alpha stepsize rate learningrateinit",
    iterations="epochs epoch iters steps niter numiterations maxiter updates niterations nepochs",
    batch_size="batch minibatch minibatchsize",
    reduction="reduce averaging",
    optimizer="optimiser solver optim",
    activation="act nonlinearity activationfunction func function transfer",
    activations="act",
    weights="weight w kernel theta matrix",
    biases="bias b intercept offset offsets",
    units="neurons unit size width hidden nodes n outfeatures",
    filters="outchannels channels kernels nfilters",
    kernel="kernelsize window taps filtersize filterlength",
    stride="strides step hop",
    padding="pad zeropadding border",
    layers="layer",
    inputs="input features nin infeatures ninputs",
    loss="cost criterion objective error lossfunction costfunction",
    output="loss out result target",
    parameters="theta thetas params param wrt variables weights by",
    values="value constants inputs leaves vars",
    nodes="node expressions equations operations ops",
    x="input inputs features",
    t="target targets y label labels output outputs ytrue expected truth",
    network="model net nn mlp",
    graph="circuit computationgraph dag",
    data="samples sample dataset examples example rows batch",
    training="train optimization optimisation optimizer",
    numbers="precision rounding format",
    significant="digits sigfigs sigdigits precision figures significantdigits significantfigures",
    decimals="decimal places dp decimalplaces",
    notation="symbols letters names",
    preset="style",
    names="symbols",
    weight="theta w weights kernel matrix",
    bias="b biases intercept offset",
    weighted_input="z net preactivation logit logits",
    input="x inputs feature",
    source="reference ref citation cite from",
    remarks="notes note comments comment remark",
    title="name heading",
    author="by writer authors",
    mean="average avg",
    kind="type",
    relu_at_zero="relu kink slopeatzero",
    shared_bias="sharedbiases tiedbias",
    train_weights="trainableweights freezeweights",
    train_biases="trainablebiases freezebiases",
    random="distribution init initializer",
    normal="gauss gaussian",
    std="stddev sigma sd scale standarddeviation",
    low="min minimum from lower",
    high="max maximum to upper",
    parenthesised="round parentheses paren",
    bracketed="square brackets",
    # quantities of a network
    yhat="ypred yp yh predicted prediction pred output out o ycap",
    w1_1_1="theta w weight weights",
    b1_1="bias biases",
    # commands, formats, styles, options
    markdown="md commonmark gfm",
    latex="tex pdflatex",
    notebook="ipynb jupyter",
    text="txt plain",
    table="text txt plain",
    verify="check grade mark judge",
    gradients="grad grads gradient backprop backward",
    notes="note doc document write render",
    new="init create starter",
    delta="deltas",
    routes="route paths path chain",
    matrix="matrices vector vectors vectorised vectorized",
    **{"--to": "format", "--output": "out"},
)
"""What else people call a thing: their word, in small letters and without signs → our names for it."""


@lru_cache(maxsize=8192)
def bare(word: str) -> str:
    """A word in small letters, without the signs that people put between its parts.

    >>> bare("learning-rate"), bare("CrossEntropy")
    ('learningrate', 'crossentropy')
    """
    return "".join(c for c in word.lower() if c.isalnum())


def meant(word: str, known: Collection[str]) -> str | None:
    """The known word that was meant, if one is near in spelling or is another name for the same.

    >>> meant("mse", ["squared_error", "mean_squared_error"]), meant("learning-rate", ["learning_rate"])
    ('mean_squared_error', 'learning_rate')
    >>> meant("sigmod", ["relu", "sigmoid"]), meant("qqq", ["relu"])
    ('sigmoid', None)
    """
    from difflib import get_close_matches

    short = bare(word[:MAX_OF_A_WORD])
    for ours in list(known)[:MAX_COMPARED]:
        if short and bare(ours) == short:
            return ours
    if also := next((ours for ours in ALSO_CALLED.get(short, ()) if ours in known), None):
        return also
    by_lower = {w.lower(): w for w in reversed(list(known)[:MAX_COMPARED])}
    close = get_close_matches(word.lower()[:MAX_OF_A_WORD], by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def nearest(word: str, known: Iterable[str], most: int = 40, *, in_order: bool = False) -> str:
    """A hint: the known word that was meant, and all known words where they are few, sorted or ``in_order``.

    >>> nearest("sigmod", ["relu", "sigmoid"])
    "did you mean 'sigmoid'? known: relu, sigmoid"
    """
    words = list(dict.fromkeys(known))
    near = meant(word, words)
    guess = f"did you mean '{near}'?" if near else ""
    if len(words) <= most:
        return " ".join(part for part in (guess, listed(words if in_order else sorted(words))) if part)
    return guess or listed(words[:most], more=True)


def listed(words: Iterable[str], *, more: bool = False) -> str:
    """The known words, as many as fit into a message.

    >>> listed(["relu", "sigmoid"]), listed([])
    ('known: relu, sigmoid', '')
    """
    shown: list[str] = []
    length = 0
    for word in words:
        length += len(word) + 2
        if length > MAX_LISTED:
            more = True
            break
        shown.append(word)
    return f"known: {', '.join([*shown, '…'] if more else shown)}" if shown else ""
