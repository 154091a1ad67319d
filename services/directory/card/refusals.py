"""The refusals that several rules of a card share: what happened, what is safe, what to do."""

from libs.eventlog import Rejected


def not_owner() -> Rejected:
    return Rejected(
        "not_owner",
        "This entry belongs to another organisation, and only its owner changes it. Nothing was recorded. "
        "Ask the owner to correct it.",
    )


def confidential() -> Rejected:
    return Rejected(
        "address_confidential",
        "The address of this place is confidential and would go to all members. "
        "Nothing was recorded or sent. Leave the address out.",
    )


def no_card() -> Rejected:
    return Rejected("no_card", "Your organisation has no card yet. Nothing was recorded. Publish the card first.")


def not_offered() -> Rejected:
    return Rejected(
        "not_offered", "This service is not offered. Nothing was recorded. Open the entry again, or offer it."
    )


def future_day() -> Rejected:
    return Rejected("future_day", "That day has not come yet. Nothing was recorded. Choose today or earlier.")
