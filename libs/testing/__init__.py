"""What tests share: specifications of rules, real servers, strategies."""

from libs.testing.spec import Spec, spec

__all__ = ["Spec", "spec"]
