r"""Every environment of amsmath, mathtools and IEEEtrantools is read, with its arguments: ``\begin{alignat}{2}``."""

from __future__ import annotations

import pytest

from derive.network import build
from derive.specification import load
from derive.verification.examine import Examiner
from tests.support.repository import ROOT

EXAMINER = Examiner(build(load(ROOT / "examples" / "pass_or_fail.toml")))

WHOLE = r"w^1_{41}x_1 + w^1_{42}x_2"

READ = [
    (r"\begin{alignat}{2} \hat y &= \sigma(z^2_1) &&= 0.5209 \\ z^2_1 &= 0.0836 &&\approx 0.084 \end{alignat}", "hhhh"),
    (r"\begin{alignat*}{2} E &= -\ln \hat y & \quad \delta^2_1 &= \hat y - t \\ &= 0.65 & &= -0.6 \end{alignat*}", "hhhw"),
    (r"\begin{xalignat}{2} a^1_4 &= \sigma(z^1_4) & z^1_4 &= -0.51 \end{xalignat}", "hw"),
    (r"\begin{xxalignat}{3} & E = 0.6522 & & & t = 1 & \end{xxalignat}", "hh"),
    (r"\begin{equation}\begin{alignedat}[t]{2} E &= 0.65 \qquad & t &= 1 \end{alignedat}\end{equation}", "hh"),
    (rf"\begin{{multline*}} z^1_4 = {WHOLE} \\ + w^1_{{43}}x_3 + b^1_4 \\[2ex] = -0.5001 \end{{multline*}}", "hh"),
    (rf"\[\begin{{multlined}}[t][8cm] z^1_4 = {WHOLE} \\* + w^1_{{43}}x_3 + b^1_4 \end{{multlined}}\]", "h"),
    (r"\begin{gather}[1, 2] \cdot [3, 4] = 11 \\ [1, 2] \cdot [3, 4] = 10 \end{gather}", "hw"),
    (r"\begin{flalign} && \hat y &= 0.5209 && \\ && E &= 0.8 && \end{flalign}", "hw"),
    (r"\begin{subequations}\begin{align} E &= 0.6522 \\[-1.5\jot] t &= 1 \end{align}\end{subequations}", "hh"),
    (r"\begin{align} \MoveEqLeft[3] \hat y - t \\ &= 0.5209 - 1 \notag\\ &= -0.4791 \tag{3} \end{align}", "hh"),
    (r"\begin{align} E &= 0.6522 \\ \intertext{so with \eqref{eq:\ref{a}}} \delta^2_1 &= \hat y - t \end{align}", "hh"),
    (r"\begin{align} \hat y &= \sigma(z^2_1) \\ \shortintertext{and} &= 0.5209 \end{align}", "hh"),
    (r"\begin{align} \hat y &= \sigma(z^2_1) \\ &\vdotswithin{=} \notag \\ &= 0.5209 \end{align}", "hh"),
    (r"\begin{spreadlines}{1em}\begin{gather*} \Aboxed{\hat y = 0.5} \\ \boxed{E = 0.8} \end{gather*}\end{spreadlines}", "hw"),
    (r"\[ \begin{lgathered}[t] E = 0.65 \\ t = 1 \end{lgathered} \] \[ \begin{rgathered} E = 0.8 \end{rgathered} \]", "hhw"),
    (r"\[ \begin{drcases} \hat y = 0.5209 \\ E = 0.8 \end{drcases} \]", "hw"),
    (r"\[ a^1_4 = \begin{dcases} z^1_4 & z^1_4 > 0 \\ \sigma(z^1_4) & \text{otherwise} \end{dcases} \]", "h"),
    (r"\[ W^2 = \begin{pmatrix*}[r] 0.0881 & 0.171 & 0.005 & -0.0405 \end{pmatrix*} \]", "h"),
    (r"\[ W^2 = \begin{bsmallmatrix} 0.0881 & 0.171 & 0.005 & 0.0405 \end{bsmallmatrix} \]", "w"),
    (r"\[ \begin{array}[t]{r@{}c@{\;}l} \hat y & = & 0.5209 \\ E & = & 0.8 \end{array} \]", "hw"),
    # Two blocks beside each other are not one row
    (
        (r"\[ \begin{aligned} \hat y &= 0.5209 \\ E &= 0.65 \end{aligned} \qquad "
        r"\begin{aligned}[b] t &= 1 \\ z^2_1 &= 0.0836 \end{aligned} \]"),
        "hhhh",
    ),
    # IEEEtrantools
    (r"\begin{IEEEeqnarray}{rCl} \hat{y} &=& \sigma(z^2_1) \IEEEyesnumber \\ &=& 0.9 \IEEEnonumber \end{IEEEeqnarray}", "hw"),
    (r"\begin{IEEEeqnarray*}{rCl'rCl} \hat{y} &=& 0.5209 & E &=& 0.8 \IEEEeqnarraynumspace \end{IEEEeqnarray*}", "hw"),
    (
        (rf"\begin{{IEEEeqnarray}}[\IEEEeqnarraystrutsize{{2pt}}{{2pt}}]{{rCl}} \IEEEeqnarraymulticol{{3}}{{l}}{{z^1_4}} \\* "
        rf"\quad &=& {WHOLE} \\ && +\: w^1_{{43}}x_3 + b^1_4 \\ E &=& 0.8 \end{{IEEEeqnarray}}"),
        "hw",
    ),
    (r"\[ \begin{IEEEeqnarraybox}[][c]{rCl} \hat{y} &=& 0.5209 \\ E &=& 0.8 \end{IEEEeqnarraybox} \]", "hw"),
    (
        (r"\[ \sigma(z^1) = \left[\begin{IEEEeqnarraybox*}[][c]{,c,} 0.8453 \\ 0.1323 \\ 0.3535 \\ 0.3775 "
        r"\end{IEEEeqnarraybox*}\right] \]"),
        "h",
    ),
    # A sign with something above, below or around it
    (r"$\hat{y} \stackrel{(1)}{=} 0.9$ and $\hat{y} \stackrel{(2)}{=} 0.5209$", "wh"),
    (r"$\hat{y} \overset{\text{(\ref{eq:1})}}{=} 0.5209$ and $\hat{y} \underset{!}{\overset{(3)}{=}} 0.9$", "hw"),
    (r"$\hat{y} \overunderset{a}{b}{=} 0.5209$ and $\hat{y} \overunderset{!}{(1)}{=} 0.9$", "hw"),
    (r"$\hat{y} \mathrel{\overset{!}{=}} 0.9$ and $\hat y \xlongequal[b]{\text{def}} 0.5209$", "wh"),
    (r"$\hat{y} \underset{\mathclap{\text{rounded}}}{\approx} 0.52$", "h"),
    (r"\[ \overbrace{\hat y - t}^{= -0.4791} = \delta^2_1 \]", "hh"),
    (r"\[ \underbracket[0.5pt]{\hat y - t}_{0.4791} = \delta^2_1 \]", "wh"),
    (r"and \ensuremath{\hat{y} = 0.9} beside \ensuremath{t = 1}", "wh"),
]  # fmt: skip


@pytest.mark.parametrize(("tex", "expected"), READ)
def test_every_environment_is_read(tex: str, expected: str) -> None:
    found = EXAMINER.examine(tex, "latex")
    assert "".join(judgement.verdict[0] for judgement in found.judgements) == expected


@pytest.mark.parametrize("tex", [tex for tex, _ in READ if r"\ensuremath" not in tex])
def test_markdown_has_the_same_displays(tex: str) -> None:
    latex, markdown = (EXAMINER.examine(tex, kind).claims for kind in ("latex", "markdown"))
    assert [claim["verdict"] for claim in latex] == [claim["verdict"] for claim in markdown]
