"""The published language of `cases`: what others may know of it."""

from libs.messaging import Published
from libs.projection import classes_of
from services.cases.referral.commands import ReferralCommand
from services.cases.referral.events import ReferralEvent
from services.cases.referral.views import (
    ReferralDetail,
    ReferralInDetail,
    ReferralInList,
    Referrals,
    ReferralTask,
    ReferralTasks,
    ReferralThread,
    ReferralTurn,
    WaitingReferral,
    WaitingReferrals,
)

PUBLISHED = Published(
    service="cases",
    commands={
        "referral": classes_of(ReferralCommand),
    },
    events={
        "referral": classes_of(ReferralEvent),
    },
    queries={
        "referrals": (Referrals, ReferralInList),
        "referral_detail": (ReferralDetail, ReferralInDetail),
        "referral_thread": (ReferralThread, ReferralTurn),
        "waiting_referrals": (WaitingReferrals, WaitingReferral),
        "referral_tasks": (ReferralTasks, ReferralTask),
    },
)
