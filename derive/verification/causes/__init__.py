"""The catalogue of misconceptions: what each one changes in a derivation, and which of them explains a wrong line."""

from derive.verification.causes.catalogue import CATALOGUE
from derive.verification.causes.diagnose import Causes, Diagnosis, Wrong
from derive.verification.causes.rounding import rounding_cause

__all__ = ["CATALOGUE", "Causes", "Diagnosis", "Wrong", "rounding_cause"]
