"""Why a goal is missed, and what the limit is now: found by profiling, told on the page."""

LIMITS = {
    "append-p99": "Sixty-four callers that never pause wait for each other: the mean wait alone is 64 divided by the "
    "rate (5.8 ms at 11,000 a second), because one core of Python decides them one after the other. Three"
    " fsyncs and 5 ms would need 12,000 a second and no spread at all. With one caller the goal is met; "
    "with sixteen nearly.",
    "append-limit": "PostgreSQL takes raw rows faster than Python can decide commands. Where an fsync is slow "
    "both wait for it and the ratio is good; where it is fast, the corridor (load, policy, decide, seal, hash, read"
    " model) is the bound.",
    "bus": "One core does it all: request, validation, decision, group commit, relay and answer, through two "
    "NATS clients in Python; an echo does the first and the last. Requests as tasks of our own (ADR 0026)"
    " halved what it was. What is left, by share: requests and answers on the wire 45 %, the corridor and"
    " the log 30 %, the relay 10 %, spans 5 %.",
    "across-p50": "Twenty steps, one after the other, the longest of them three commits with their read models, five"
    " round trips to PostgreSQL each: 2.2, 2.6 and 3.2 ms of 23 (ADR 0027). The rest: HTTP 2.3, three requests on the"
    " buses 2.9, relay and stream 2.2, disclosure 1.4, sealing and opening 1.9, the hub 1.4 to 2, the benchmark's own"
    " look 1, and wake-ups in between. Only 1 ms of it are fsyncs; the yardstick has two statements and one message.",
    "seal": "What is ours beside the ciphers: claims checked by a model on both sides, the digest of the receipt,"
    " the header checked whole before the library acts on it.",
    "relay": "Two thirds of its time encode NATS headers in Python, thirteen of them per event.",
}
