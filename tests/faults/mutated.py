"""A node program with one mechanism removed: `python -m tests.faults.mutated MUTANT NODE.toml --ready FILE`."""

import sys

from deploy import node
from tests.faults.mutants import MUTANTS

if __name__ == "__main__":
    MUTANTS[sys.argv[1]].remove()
    node.main(sys.argv[2:])
