"""Everything that starting and stopping a server of our own can raise.

ServerFailed            it did not come up, or did not obey. Stored data is as it was. The sentence says what to do.
├── AlreadyRunning      another process of ours holds this folder. Nothing was touched.
└── NoServerHere        there is no binary for this machine. Nothing was touched.
"""


class ServerFailed(Exception):
    """Says what happened, what is safe, what to do; shown to a person as it is."""


class AlreadyRunning(ServerFailed):
    """Two processes on one data folder would destroy it."""


class NoServerHere(ServerFailed):
    """The wheel with the server is not installed, or has nothing for this kind of machine."""
