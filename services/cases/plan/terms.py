"""Coded words of an individual plan: who does a step, how it came out, and what made the difference."""

from libs.codelists import Code


class Doer(Code):
    """Who does a step."""

    CLIENT = "client", "klient", "the client"
    WORKER = "worker", "pracovník", "the worker"
    TOGETHER = "together", "společně", "together"
    OTHER = "other", "někdo další", "somebody else"


class StepResult(Code):
    DONE = "done", "splněno", "done"
    PARTLY = "partly", "splněno zčásti", "partly done"
    NOT_DONE = "not_done", "nesplněno", "not done"


class GoalResult(Code):
    ACHIEVED = "achieved", "dosaženo", "achieved"
    PARTLY = "partly", "dosaženo zčásti", "partly achieved"
    NOT_ACHIEVED = "not_achieved", "nedosaženo", "not achieved"


class ClientFactor(Code):
    """What on the client's side decided the outcome (C27, C28)."""

    INTEREST = "interest", "zájem", "interest"
    OWN_ACTIVITY = "own_activity", "vlastní aktivita", "own activity"
    TRUST = "trust", "důvěra", "trust"
    SKILLS = "skills", "dovednosti", "skills"
    HEALTH = "health", "zdravotní stav", "health"
    ADDICTION = "addiction", "závislost", "addiction"
    OTHER = "other", "jiné", "other"


class EnvironmentFactor(Code):
    """What around the client decided the outcome (C27)."""

    FAMILY = "family", "rodina", "family"
    GRANDPARENT = "grandparent", "prarodič", "a grandparent"
    FRIENDS = "friends", "přátelé a vrstevníci", "friends and peers"
    SCHOOL = "school", "škola", "school"
    NURSERY = "nursery", "mateřská škola", "nursery"
    OFFICES = "offices", "úřady", "offices"
    SERVICES = "services", "dostupnost služeb", "availability of services"
    EMPLOYER = "employer", "zaměstnavatel", "employer"
    HOUSING = "housing", "bydlení", "housing"
    INCOME = "income", "příjem a dluhy", "income and debts"
    OTHER = "other", "jiné", "other"


class GoalState(Code):
    PROPOSED = "proposed", "navržen", "proposed"
    ACTIVE = "active", "platí", "active"
    ACHIEVED = "achieved", "dosaženo", "achieved"
    PARTLY = "partly", "dosaženo zčásti", "partly achieved"
    NOT_ACHIEVED = "not_achieved", "nedosaženo", "not achieved"
    DROPPED = "dropped", "upuštěno", "dropped"


class StepState(Code):
    PLANNED = "planned", "naplánováno", "planned"
    DONE = "done", "splněno", "done"
    PARTLY = "partly", "splněno zčásti", "partly done"
    NOT_DONE = "not_done", "nesplněno", "not done"
    CANCELLED = "cancelled", "zrušeno", "cancelled"
