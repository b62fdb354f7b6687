"""The catalogue of misconceptions, in the order in which they are thought of: the first that fits is named.

Misconceptions that people really have, and that say more, stand before those that many numbers fit by chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from derive.verification.causes import convolutions, formulas, losses, routes, slopes, sums, targets, training
from derive.verification.causes.entry import Cause

CATALOGUE: tuple[Cause, ...] = (
    Cause("loss_sign", losses.sign_of_loss, common=True),
    Cause("plus_in_update", training.update("plus_in_update"), common=True),
    Cause("momentum_left_out", training.velocity("momentum_left_out"), common=True),
    Cause("old_velocity", training.old_velocity, common=True),
    Cause("updated_weights_used", sums.updated_weights, common=True),
    Cause("activation_for_slope", slopes.for_slope, common=True),
    Cause("slope_left_out", slopes.left_out, common=True),
    Cause("mask_left_out", slopes.mask_left_out, common=True),
    Cause("slope_at_activation", slopes.at_activation, common=True),
    Cause("slope_of_weighted_input", slopes.of_input, common=True),
    Cause("half_of_slope", slopes.half_of_slope),
    Cause("square_left_out", slopes.without_square),
    Cause("softmax_diagonal_only", slopes.softmax_slopes, common=True),
    Cause("half_lost", losses.half_lost, common=True),
    Cause("two_lost", losses.two_lost, common=True),
    Cause("mean_for_sum", training.reduction, common=True),
    Cause("mean_for_sum_outputs", losses.output_mean, common=True),
    Cause("shortcut_delta", losses.shortcut, common=True),
    Cause("error_for_loss", losses.error_for_loss),
    Cause("logarithm_base", losses.logarithm_base, common=True),
    Cause("logarithm_base_formula", formulas.logarithms),
    Cause("zero_input_overlooked", sums.zero_input, common=True),
    Cause("path_left_out", routes.path_left_out, common=True),
    Cause("weight_for_activation", sums.swapped_factors, common=True),
    Cause("activation_for_one", sums.activation_for_one, common=True),
    Cause("weighted_input_for_activation", sums.input_for_activation),
    Cause("weight_transposed", sums.transposed, common=True),
    Cause("kernel_flipped", convolutions.kernel_flipped, common=True),
    Cause("stride_ignored", convolutions.stride_ignored, common=True),
    Cause("padding_ignored", convolutions.padding_ignored, common=True),
    Cause("learning_rate_left_out", training.update("learning_rate_left_out"), common=True),
    Cause("learning_rate_twice", training.update("learning_rate_twice"), common=True),
    Cause("step_for_new_value", training.update("step_for_new_value")),
    Cause("learning_rate_divides", training.update("learning_rate_divides")),
    Cause("gradient_left_out", training.update("gradient_left_out")),
    Cause("not_updated", training.not_updated),
    Cause("plus_without_rate", training.update("plus_without_rate")),
    *(Cause(name, training.velocity(name)) for name in dict.fromkeys(name for name, _ in training.VELOCITIES[1:])),
    Cause("divided_twice", training.divided_twice),
    *(Cause(name, formulas.rule(name)) for name, _ in formulas.RULES),
    Cause("factor_left_out", routes.factor_left_out, common=True),
    Cause("activation_left_out", slopes.not_applied, common=True),
    Cause("activation_misplaced", slopes.misplaced),
    Cause("softmax_values", slopes.softmax_values),
    Cause("bias_left_out", sums.bias_left_out, common=True),
    Cause("second_term_left_out", losses.second_term_left_out),
    Cause("half_added", losses.half_added),
    Cause("other_targets", targets.other_targets),
    Cause("sigmoid_exponent_sign", slopes.exponent_sign),
    Cause("activation_of_another_layer", sums.another_layer),
    Cause("neighbouring_weight", sums.neighbours),
    Cause("slope_of_another_layer", slopes.of_another_unit),
    Cause("one_sample_for_batch", training.one_sample),
    Cause("another_activation", slopes.another_activation),
    Cause("another_loss", losses.another_loss),
)
"""Each entry yields mistakes that carry the cause's own name (one entry can find two sides of one matter)."""

ARITHMETIC = ("sign_lost", "decimal_point", "digits_swapped", "brackets_ignored", "term_left_out", "factor_lost")
OPERANDS = ("wrong_value", "wrong_factor", "sign_of_operand", "sign_of_term", "number_of_another", "new_weight_put_in")
"""Wordings of the sentences about one number of a calculation."""
MIXED_UP = ("step_miscounted", "another_quantity")
ROUNDING = ("truncated", "rounded_early", "last_place", "rounded_to_zero")

OPPOSITE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "half_lost": frozenset(("two_lost",)),
        "activation_for_slope": frozenset(("slope_left_out", "slope_at_activation", "slope_of_weighted_input")),
        "slope_left_out": frozenset(("slope_at_activation", "slope_of_weighted_input")),
        "slope_at_activation": frozenset(("slope_of_weighted_input",)),
    }
)
"""Pairs that undo or replace one another at the same step."""
