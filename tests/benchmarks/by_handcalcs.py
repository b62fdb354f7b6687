"""The 21-parameter calculation of article 001 as handcalcs prints it: forward, loss, every gradient, every update."""

# handcalcs reads the source of the function: one statement a line, the whole signature on one.
# fmt: off

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def calculation() -> Callable[..., tuple[str, Any]]:
    """The printing function; it takes the 21 parameters, the three inputs, the target and the learning rate."""
    from math import exp, log

    from handcalcs.decorator import handcalc

    @handcalc(precision=4)
    def print_it(x_1, x_2, x_3, t, eta, w_11, w_12, w_13, w_21, w_22, w_23, w_31, w_32, w_33, w_41, w_42, w_43, b_1, b_2, b_3, b_4, v_1, v_2, v_3, v_4, c):
        z_1 = w_11 * x_1 + w_12 * x_2 + w_13 * x_3 + b_1
        a_1 = 1 / (1 + exp(-z_1))
        z_2 = w_21 * x_1 + w_22 * x_2 + w_23 * x_3 + b_2
        a_2 = 1 / (1 + exp(-z_2))
        z_3 = w_31 * x_1 + w_32 * x_2 + w_33 * x_3 + b_3
        a_3 = 1 / (1 + exp(-z_3))
        z_4 = w_41 * x_1 + w_42 * x_2 + w_43 * x_3 + b_4
        a_4 = 1 / (1 + exp(-z_4))
        z = v_1 * a_1 + v_2 * a_2 + v_3 * a_3 + v_4 * a_4 + c
        yhat = 1 / (1 + exp(-z))
        E = -(t * log(yhat) + (1 - t) * log(1 - yhat))
        delta = yhat - t
        dv_1 = delta * a_1
        dv_2 = delta * a_2
        dv_3 = delta * a_3
        dv_4 = delta * a_4
        dc = delta
        delta_1 = delta * v_1 * a_1 * (1 - a_1)
        dw_11 = delta_1 * x_1
        dw_12 = delta_1 * x_2
        dw_13 = delta_1 * x_3
        db_1 = delta_1
        delta_2 = delta * v_2 * a_2 * (1 - a_2)
        dw_21 = delta_2 * x_1
        dw_22 = delta_2 * x_2
        dw_23 = delta_2 * x_3
        db_2 = delta_2
        delta_3 = delta * v_3 * a_3 * (1 - a_3)
        dw_31 = delta_3 * x_1
        dw_32 = delta_3 * x_2
        dw_33 = delta_3 * x_3
        db_3 = delta_3
        delta_4 = delta * v_4 * a_4 * (1 - a_4)
        dw_41 = delta_4 * x_1
        dw_42 = delta_4 * x_2
        dw_43 = delta_4 * x_3
        db_4 = delta_4
        wnew_11 = w_11 - eta * dw_11
        wnew_12 = w_12 - eta * dw_12
        wnew_13 = w_13 - eta * dw_13
        bnew_1 = b_1 - eta * db_1
        wnew_21 = w_21 - eta * dw_21
        wnew_22 = w_22 - eta * dw_22
        wnew_23 = w_23 - eta * dw_23
        bnew_2 = b_2 - eta * db_2
        wnew_31 = w_31 - eta * dw_31
        wnew_32 = w_32 - eta * dw_32
        wnew_33 = w_33 - eta * dw_33
        bnew_3 = b_3 - eta * db_3
        wnew_41 = w_41 - eta * dw_41
        wnew_42 = w_42 - eta * dw_42
        wnew_43 = w_43 - eta * dw_43
        bnew_4 = b_4 - eta * db_4
        vnew_1 = v_1 - eta * dv_1
        vnew_2 = v_2 - eta * dv_2
        vnew_3 = v_3 - eta * dv_3
        vnew_4 = v_4 - eta * dv_4
        cnew = c - eta * dc
        return cnew

    printed: Callable[..., tuple[str, Any]] = print_it
    return printed
