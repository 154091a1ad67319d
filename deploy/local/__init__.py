"""One machine: servers and programs of a node (or of several) kept running by one process."""
