"""Two nodes, a hub and two field devices in one process: one seeded scheduler decides every step.

    device ──command──▶ cases ──log──▶ posting ─▶ sender ──letter──▶ hub ─▶ receiver ─▶ cases of the other node
                          └─▶ reactions, views                         (receipts, resend requests, greetings back)

Real      the corridor, the in-memory log (its contract is PostgresLog's), deciders of `referral` and
          `correspondence`, policies, reactions, `receive_letter` and `disclose_event`, one round of every loop of
          the courier (`Posting`, `Sender`, `Receiver`, greeting), `Follower` with its refill, `Streamed`, `fold`,
          the problem on the wire and back, subject keys' cipher, claims and digest of a letter
Simulated PostgreSQL's tables beside the log (`store.py`: the named queries, as the SQL says them), NATS inside a
          node, the hub, time, and which task goes on when. Every read, write and request is a point where
          another task may go on or the node may die: before the effect, or after it and before anybody knows
Left out  signatures and sealing (a letter is its claims in the clear; the courier's checks of sender, addressee
          and age are repeated), the key sets of partners, PostgreSQL's SQL, JetStream's own state machine, the
          relay (followers read by refill, and now and then a slice of the stream), letters to all members,
          conferences, single-use links, forgetting, a node restored from yesterday's backup

Asserts what the network promises once every fault has gone: `checks.py`. `python -m tests.simulation --seed 7`
tells one run; `--runs 1000` many.
"""
