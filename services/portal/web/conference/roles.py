"""Roles at a conference, as the policy of `cases` knows them: so that nothing is offered that would be refused."""

from libs.codelists import Role

STEERS = (Role.KEY_WORKER, Role.TEAM_LEADER, Role.OSPOD_WORKER, Role.MUNICIPAL_WORKER)
"""Convene, invite, issue, review."""
TABLE = (*STEERS, Role.FACILITATOR, Role.RECORDER)
"""Record the meeting."""
READS = (*STEERS, Role.COUNSELLOR, Role.OUTREACH_WORKER)
"""See every conference of the organisation, answer for it, work on its measures."""
