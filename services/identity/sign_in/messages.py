"""What the portal may ask at the door (`door.identity.*`), and the answers. Secrets and names only in memory.

Whoever asks for their own account shows the token of their session; an administrator is named by the portal.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.codelists import Role
from libs.eventlog import Actor, Frozen, Line
from libs.privacy import Personal

Typed = Annotated[str, Field(max_length=1_000)]
"""As a person typed it; nothing is said of what does not fit but that it is wrong."""
Token = Annotated[str, Field(min_length=1, max_length=200)]
Sealed = Annotated[str, Field(max_length=2_000)]
Credential = Annotated[str, Field(max_length=20_000)]
"""What a browser answers for a passkey, as JSON."""
Origin = Annotated[str, Field(pattern=r"^https?://[^/]+$")]
"""Where the portal is reached, by its own settings."""


class Comes(Frozen):
    """Where somebody comes from. address: only for the growing delay; browser: shown in their list of sessions."""

    address: Personal[Line]
    browser: Personal[Line]


# -- answers


class SessionView(Frozen):
    """A session in force: who it is for, with roles as of now, and when it ends."""

    handle: UUID
    user: UUID
    roles: tuple[Role, ...]
    team: str | None
    login_at: AwareDatetime
    fresh_at: AwareDatetime
    idle_until: AwareDatetime
    ends_at: AwareDatetime
    demonstration: bool


class CodeWanted(Frozen):
    """Whatever was typed: a code comes next. The ticket says nothing to whoever holds it."""

    kind: Literal["code_wanted"] = "code_wanted"
    ticket: Personal[Token]


class SignedIn(Frozen):
    """A session has begun. token: for the cookie, kept nowhere else."""

    kind: Literal["signed_in"] = "signed_in"
    token: Personal[Token]
    session: SessionView


class Refused(Frozen):
    """Something was wrong, and nobody says what. over: the ticket counts no more, begin anew."""

    kind: Literal["refused"] = "refused"
    over: bool = True


class Wait(Frozen):
    """Too many failures: nothing was looked at."""

    kind: Literal["wait"] = "wait"
    seconds: int


class Step(Frozen):
    """What comes next in signing in."""

    step: CodeWanted | SignedIn | Refused | Wait = Field(discriminator="kind")


class Done(Frozen):
    """It is so now."""


class TotpOffer(Frozen):
    """A secret for an authenticator app, not yet in force. kept: comes back with the first code."""

    secret: Personal[str]
    address: Personal[str]
    kept: Personal[Sealed]


class PasskeyOffer(Frozen):
    """Options for the browser as JSON; the ticket comes back with its answer."""

    ticket: Personal[Token]
    options: Personal[str]


class RecoveryCodes(Frozen):
    """Shown once; those from before count no more."""

    codes: Personal[tuple[str, ...]]


class OpenSession(Frozen):
    handle: UUID
    browser: Personal[str]
    login_at: AwareDatetime
    used_at: AwareDatetime
    is_this: bool


class PasskeyView(Frozen):
    passkey: UUID
    label: Personal[str]
    added_at: AwareDatetime
    used_at: AwareDatetime | None


class Account(Frozen):
    """One's own ways in, and where one is signed in. fresh: they may be changed now."""

    name: Personal[str]
    password: bool
    totp: bool
    codes_left: int
    provider: bool
    fresh: bool
    passkeys: tuple[PasskeyView, ...]
    sessions: tuple[OpenSession, ...]


class Enrolment(Frozen):
    """What a link is for. recovery: what the person had counts no more once the link is used."""

    name: Personal[str]
    recovery: bool
    ends_at: AwareDatetime
    totp: TotpOffer


class Enrolled(Frozen):
    """The link is used up and its person signed in."""

    signed_in: SignedIn
    codes: Personal[tuple[str, ...]]


class Link(Frozen):
    """A single-use enrolment link, shown once to whoever made it. link None: waits for a second administrator."""

    link: Personal[Token] | None = None
    until: AwareDatetime


class LoginView(Frozen):
    """How a user signs in. waiting_by: the administrator who proposed a recovery that nobody has confirmed yet."""

    user_id: UUID
    name: Personal[str]
    can_enter: bool
    invited_until: AwareDatetime | None
    waiting_by: UUID | None


class Logins(Frozen):
    logins: tuple[LoginView, ...]


# -- signing in


class SignIn(Frozen):
    """Name and password. Right or wrong, a code is asked for next."""

    name: Personal[Typed]
    password: Personal[Typed]
    comes: Comes


class GiveCode(Frozen):
    """A code of the authenticator app, or a recovery code."""

    ticket: Personal[Token]
    code: Personal[Typed]
    comes: Comes


class AskPasskey(Frozen):
    """Options for signing in with a passkey; the same for everybody."""

    origin: Origin


class GivePasskey(Frozen):
    """What the browser answered. A passkey that verified its owner is enough."""

    ticket: Personal[Token]
    credential: Personal[Credential]
    origin: Origin
    comes: Comes


class ComeFromProvider(Frozen):
    """Somebody the organisation's own provider vouches for: issuer and subject, checked by the portal."""

    issuer: Line
    subject: Personal[Line]
    comes: Comes


class Who(Frozen):
    """Whose session this is; asking prolongs it, unless nobody uses it. Refused when it ended."""

    token: Personal[Token]
    prolong: bool = True


class Leave(Frozen):
    """End this session."""

    token: Personal[Token]


class Freshen(Frozen):
    """Show once more that it is you, with a code."""

    token: Personal[Token]
    code: Personal[Typed]
    comes: Comes


class FreshenByPasskey(Frozen):
    """Show once more that it is you, with a passkey."""

    token: Personal[Token]
    ticket: Personal[Token]
    credential: Personal[Credential]
    origin: Origin


# -- one's own account


class MyAccount(Frozen):
    token: Personal[Token]


class ChangePassword(Frozen):
    """A new password. Ends all other sessions. The old one is not asked of whoever has none."""

    token: Personal[Token]
    old: Personal[Typed]
    new: Personal[Typed]
    comes: Comes


class NewTotp(Frozen):
    """kept: an offer made before, to be shown again."""

    token: Personal[Token]
    kept: Personal[Sealed] | None = None


class KeepTotp(Frozen):
    """Put an offered secret in force. Replaces the one before, and the recovery codes."""

    token: Personal[Token]
    kept: Personal[Sealed]
    code: Personal[Typed]


class DropTotp(Frozen):
    """No more codes; then the password opens nothing. Refused if no other way in is left."""

    token: Personal[Token]


class NewRecoveryCodes(Frozen):
    token: Personal[Token]


class NewPasskey(Frozen):
    token: Personal[Token]
    origin: Origin


class KeepPasskey(Frozen):
    token: Personal[Token]
    ticket: Personal[Token]
    credential: Personal[Credential]
    origin: Origin
    label: Personal[Line]


class DropPasskey(Frozen):
    """Refused if no other way in is left."""

    token: Personal[Token]
    passkey: UUID


class EndSession(Frozen):
    """End another session of one's own; without a handle, all others."""

    token: Personal[Token]
    handle: UUID | None = None


# -- with an enrolment link


class LookAtLink(Frozen):
    """What a link is for; nothing is used up. kept: an offer made before, to be shown again."""

    link: Personal[Token]
    kept: Personal[Sealed] | None = None


class EnrolPassword(Frozen):
    """Set a password and an authenticator app, and come in."""

    link: Personal[Token]
    password: Personal[Typed]
    kept: Personal[Sealed]
    code: Personal[Typed]
    comes: Comes


class AskEnrolPasskey(Frozen):
    link: Personal[Token]
    origin: Origin


class EnrolPasskey(Frozen):
    """Set a passkey, and come in."""

    link: Personal[Token]
    ticket: Personal[Token]
    credential: Personal[Credential]
    origin: Origin
    label: Personal[Line]
    comes: Comes


class EnrolProvider(Frozen):
    """Come in by the organisation's own provider from now on."""

    link: Personal[Token]
    issuer: Line
    subject: Personal[Line]
    comes: Comes


# -- an administrator


class Invite(Frozen):
    """A login name and a single-use link for a user who has no way in yet. An earlier link counts no more."""

    actor: Actor
    user_id: UUID
    name: Personal[Line]


class Recover(Frozen):
    """A new link for somebody who lost what they sign in with; takes two administrators, neither of them that user."""

    actor: Actor
    user_id: UUID


class LinkProvider(Frozen):
    """Let a subject of the organisation's provider sign in as this user."""

    actor: Actor
    user_id: UUID
    issuer: Line
    subject: Personal[Line]


class ListLogins(Frozen):
    actor: Actor


class LetInDemonstration(Frozen):
    """A password alone for a fictional person; refused on a node that is no demonstration."""

    actor: Actor
    user_id: UUID
    name: Personal[Line]
    password: Personal[Line]
