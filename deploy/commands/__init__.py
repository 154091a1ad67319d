"""One module per command of `spojka`; each returns the exit status."""
