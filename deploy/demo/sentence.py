"""The answer of a check."""

Sentence = str | None
"""What is wrong; None: nothing."""


def told(wrong: list[str]) -> Sentence:
    """Everything that is wrong, as one sentence."""
    return "; ".join(wrong) or None


__all__ = ["Sentence", "told"]
