"""The hub: a plain nats-server in operator mode. Here is only what signs its accounts; none of our code runs in it."""

from deploy.nats.hub import HubError, HubOperator, LetterBox, TokenRefused
from deploy.nats.member import MemberAccount

__all__ = ["HubError", "HubOperator", "LetterBox", "MemberAccount", "TokenRefused"]
