"""The catalogue of misconceptions: what each one changes in a derivation, and which of them explains a wrong line."""

from derive.verify.causes.catalogue import CATALOGUE
from derive.verify.causes.diagnose import Causes, Diagnosis, Wrong
from derive.verify.causes.rounding import rounding_cause

__all__ = ["CATALOGUE", "Causes", "Diagnosis", "Wrong", "rounding_cause"]
