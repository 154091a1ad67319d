"""Coded reasons and outcomes: why not, how it ended (domain.md §8.8, §8.9)."""

from libs.codelists.code import Code


class AgreementRefusal(Code):
    """§ 91/3 of Act 108/2006: the only grounds on which a registered service refuses an agreement (L11)."""

    NOT_OUR_SERVICE = "not_our_service", "neposkytujeme tuto službu", "we do not provide this service"
    NO_CAPACITY = "no_capacity", "nedostatečná kapacita", "no capacity"
    HEALTH_EXCLUDES_RESIDENTIAL = (
        "health_excludes_residential",
        "zdravotní stav vylučuje pobytovou službu",
        "health excludes a residential service",
    )
    RECENTLY_TERMINATED = (
        "recently_terminated",
        "smlouva vypovězena v posledních 6 měsících",
        "agreement terminated within the last 6 months",
    )


class DeclineReason(Code):
    """Why a referral is declined: the grounds of § 91/3, and those between organisations."""

    NOT_OUR_SERVICE = "not_our_service", "neposkytujeme tuto službu", "we do not provide this service"
    NO_CAPACITY = "no_capacity", "nedostatečná kapacita", "no capacity"
    HEALTH_EXCLUDES_RESIDENTIAL = (
        "health_excludes_residential",
        "zdravotní stav vylučuje pobytovou službu",
        "health excludes a residential service",
    )
    RECENTLY_TERMINATED = (
        "recently_terminated",
        "smlouva vypovězena v posledních 6 měsících",
        "agreement terminated within the last 6 months",
    )
    NOT_COMPETENT_TERRITORY = (
        "not_competent_territory",
        "nejsme místně příslušní",
        "not competent for the territory",
    )
    ALREADY_CLIENT = "already_client", "již je naším klientem", "already our client"
    INSUFFICIENT_INFORMATION = "insufficient_information", "nedostatek informací", "insufficient information"
    CLIENT_NOT_INTERESTED = "client_not_interested", "klient nemá zájem", "the client is not interested"
    CONFLICT_OF_INTEREST = "conflict_of_interest", "střet zájmů", "conflict of interest"
    DUPLICATE = "duplicate", "duplicitní žádost", "duplicate request"
    OTHER = "other", "jiný důvod", "another reason"


class CompletedOutcome(Code):
    HELP_RECEIVED = "help_received", "pomoc získána", "help received"
    PARTLY_RECEIVED = "partly_received", "pomoc získána zčásti", "help partly received"
    ENROLLED = "enrolled", "zařazen do služby", "enrolled"
    CLIENT_DECLINED_OFFER = "client_declined_offer", "klient nabídku odmítl", "the client declined the offer"


class FailedReason(Code):
    COULD_NOT_CONTACT = "could_not_contact", "nepodařilo se spojit", "could not be contacted"
    NO_SHOW = "no_show", "nedostavil se", "did not come"
    NOT_ELIGIBLE = "not_eligible", "nesplňuje podmínky", "not eligible"
    NO_FUNDS = "no_funds", "chybí prostředky", "no funds"
    NO_CAPACITY_LATER = "no_capacity_later", "kapacita už není", "capacity is gone"
    OTHER = "other", "jiný důvod", "another reason"


class WithdrawReason(Code):
    CLIENT_WISH = "client_wish", "přání klienta", "the client's wish"
    RELEASE_WITHDRAWN = "release_withdrawn", "zproštění odvoláno", "release withdrawn"
    NO_ANSWER = "no_answer", "bez odpovědi", "no answer"
    SOLVED_ELSEWHERE = "solved_elsewhere", "vyřešeno jinde", "solved elsewhere"
    MOVED = "moved", "odstěhoval se", "moved away"


class PlanOutcome(Code):
    """How a plan, and with it a case, is closed."""

    FULFILLED = "fulfilled", "splněno", "fulfilled"
    PARTLY = "partly", "splněno zčásti", "partly fulfilled"
    CLIENT_LEFT = "client_left", "klient odešel", "the client left"
    MOVED = "moved", "odstěhoval se", "moved away"
    TRANSFERRED = "transferred", "předáno jinam", "transferred"
    NO_CONTACT = "no_contact", "ztráta kontaktu", "contact was lost"
    DIED = "died", "úmrtí", "died"
