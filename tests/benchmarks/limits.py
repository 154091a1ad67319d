"""Why a goal is missed, and what the limit is now: found by profiling, told on the page."""

LIMITS = {
    "append-p99": "Sixty-four callers that never pause wait for each other: the mean wait alone is 64 divided by the "
    "rate (4.4 ms at 14,700 a second), because one core of Python decides them one after the other; the slowest of a "
    "hundred waits 1.8 times as long. With one caller and with sixteen the goal is met. Full garbage collections of "
    "50 to 100 ms, which were the slowest answers at 256, are gone.",
    "append-limit": "PostgreSQL takes raw rows faster than Python can decide commands. Where an fsync is slow both "
    "wait for it and the ratio is good; where it is fast, the corridor (load, policy, decide, seal, hash, read "
    "model) is the bound. No step of it is large: half as many values to encode for asyncpg changed nothing that could "
    "be seen, one round trip less for each batch little. At 256 the garbage collector's looks at young objects took a "
    "tenth of the time; since 30 November they do not.",
    "bus": "An echo does the first and the last of what a command needs: request, validation, decision, group "
    "commit, relay, answer. Twice the CPU of an echo is what the goal leaves for all of it, on one core of Python, "
    "while PostgreSQL, nats-server and whoever asks share the other. By share of the service, with two answers to a "
    "write (sixteen now, ADR 0026): writes to sockets a quarter, the corridor a quarter, group commit 15 %, reading "
    "and answering requests 15 %, the relay 5 %.",
    "across-p50": "Twenty steps, one after the other, the longest of them three commits with their read models, five "
    "round trips to PostgreSQL each: 2.2, 2.6 and 3.2 ms of 23 (ADR 0027). The rest: HTTP 2.3, three requests on the "
    "buses 2.9, relay and stream 2.2, disclosure 1.4, sealing and opening 1.9, the hub 1.4 to 2, the benchmark's own "
    "look 1, and wake-ups in between. Only 1 ms of it are fsyncs; the yardstick has two statements and one message.",
    "relay": "Per event the relay takes less CPU than a raw publish; what the ratio leaves is the reading of the "
    "log, the subscriber in Python and the server, which all share two cores.",
    "seal": "What is ours beside the ciphers: content and claims checked on both sides, two digests for the receipt, "
    "the header checked whole before the library acts on it. Each of these steps takes twice as long between two "
    "ciphers as alone, because the processor's caches are cold.",
    "growth-load": "The events of a stream lie on 20 pages among those of 500 other streams, and PostgreSQL's own "
    "memory of 32 MB holds the pages of some 60,000 events. From the system's cache 20 pages cost 70 µs, 15 to 30 % "
    "of a load. From the disk they cost 1 to 2 ms, one after the other, and some of them come from there. A bitmap "
    "scan would read ahead and halve that, but PostgreSQL holds the index scan for cheaper. More memory for each of "
    "a node's databases would help logs of some hundred thousand events, and no longer ones.",
    "project-peer": "Two thirds of a follower's CPU are the wire (nats-py, sixteen headers per event), one third the "
    "events themselves. While PostgreSQL writes a batch, the next one is read, but not yet folded.",
}
