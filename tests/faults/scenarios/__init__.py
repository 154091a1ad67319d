"""One fault each: arrange, break, heal. What must be true afterwards is the same for all (`checks.py`)."""
