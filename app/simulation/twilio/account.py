"""The account that the service has at the company: its credentials, its numbers, and what it may not do yet."""

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Account:
    """An account with its numbers, which all have the same webhooks."""

    sid: str
    #: Signs webhooks, and authorizes requests together with the SID.
    token: str
    #: The header of webhooks that has their signature.
    signature_header: str = "X-Twilio-Signature"
    #: In E.164.
    numbers: tuple[str, ...]
    messaging_service_sid: str | None = None
    #: The webhooks for an inbound message and an inbound call; None: not set up.
    sms_url: str | None = None
    voice_url: str | None = None
    #: `active`, `suspended` or `closed`.
    status: str = "active"
    #: A trial account reaches verified numbers only, and its texts begin with a notice.
    trial: bool = False
    verified: set[str] = field(default_factory=set)
    #: Whether the numbers are registered for texts (10DLC). Texts of a number that is not are accepted, then fail.
    registered: bool = True
    #: Whether STOP and START are handled, and answered, without the service (Twilio's default).
    handles_opt_outs: bool = True
    #: Texts that leave per second; the others wait. None: no limit.
    texts_per_s: float | None = None
    #: Requests that are taken per second; others are refused with a 429. None: no limit.
    requests_per_s: float | None = None


class Refused(Exception):
    """A request that Twilio refuses. `status`: of HTTP; `code`: Twilio's."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"HTTP {status}, Twilio error {code}")
        self.status = status
        self.code = code
