"""The mutants: one small fault each, and the layers that are tried on it.

`states` and `schedules` are the samples of the proof that every `uv run pytest` runs. The other layers are files of
tests. A mutant is killed if a layer fails.
"""

from dataclasses import dataclass

STATES = "states"
SCHEDULES = "schedules"
HISTORIES = "histories"
_RULES = "app/domain/rules/"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault: in the file at `path`, `old` becomes `new`. `old` occurs there exactly once."""

    name: str
    path: str
    old: str
    new: str
    #: Files of tests, or HISTORIES, that are tried besides `states` and `schedules`.
    tests: tuple[str, ...] = ()


MUTANTS = [
    Mutant(
        "a yes wins whatever the fanout's status",
        _RULES + "offer_replies.py",
        "MOVES.get((fanout.status, Move.CLAIM)) if about.claimable else None",
        "MOVES.get((fanout.status, Move.CLAIM)) or fanout.status",
    ),
    Mutant(
        "a shift that is held can be assigned again",
        _RULES + "assignments.py",
        '    if holding is not None:\n        detail = f"{named(state, holding.caregiver_id)} has shift',
        "    if holding is not None and holding.claimed_via is None:\n"
        '        detail = f"{named(state, holding.caregiver_id)} has shift',
    ),
    Mutant(
        "a claimed fanout can be started again",
        _RULES + "fanouts.py",
        "    (FanoutStatus.CANCELLED, Move.START): FanoutStatus.OPEN,",
        "    (FanoutStatus.CANCELLED, Move.START): FanoutStatus.OPEN,\n"
        "    (FanoutStatus.CLAIMED, Move.START): FanoutStatus.OPEN,",
    ),
    Mutant(
        "overlapping shifts are allowed",
        _RULES + "conflicts.py",
        "held = list(state.held_by(caregiver.id))",
        "held = [one for one in state.held_by(caregiver.id) if not one.overlaps(shift)]",
    ),
    Mutant(
        "a yes after the end of the shift wins",
        "app/domain/records.py",
        "return moment < self.end_time <= now",
        "return moment < self.end_time and now.year > 9000",
    ),
    Mutant(
        "the last check before an offer is skipped",
        _RULES + "deliveries.py",
        "error = obstacle(state, contact, shift, fanout, caregiver, now)",
        "error = None",
    ),
    Mutant(
        "the last check forgets the no",
        _RULES + "deliveries.py",
        '    if offer is not None and offer.state is OfferState.DECLINED:\n        return "declined"\n'
        "    if offer is None or offer.state is not OfferState.OPEN:",
        "    if offer is None:",
    ),
    Mutant(
        "the last check forgets the STOP",
        _RULES + "deliveries.py",
        "elif not direct and (number :=",
        "elif direct and (number :=",
    ),
    Mutant(
        "the last check forgets an overlap",
        _RULES + "deliveries.py",
        "if conflict_of(state, shift, caregiver) is not None:",
        'if conflict_of(state, shift, caregiver) is not None and caregiver.id == "":',
    ),
    Mutant(
        "an old 'you no longer have it' is sent",
        _RULES + "deliveries.py",
        "            return holding is not None\n        case Kind.CLOSED:",
        "            return False\n        case Kind.CLOSED:",
    ),
    Mutant(
        "every try has a key of its own",
        _RULES + "deliveries.py",
        "message_id = contact_id(contact, fanout.started_at)",
        "message_id = contact_id(contact, now)",
    ),
    Mutant(
        "a repeated message id is decided again",
        _RULES + "replies.py",
        "if known is not None and not reused:",
        "if known is not None and command.channel is Channel.VOICE:",
    ),
    Mutant(
        "calls are due half a second early",
        _RULES + "fanouts.py",
        "timedelta(seconds=policy.escalate_after_s if wait_s is None else wait_s),",
        "timedelta(seconds=(policy.escalate_after_s if wait_s is None else wait_s) - 0.5),",
        ("tests/acceptance/test_brief.py",),
    ),
    Mutant(
        "the winner is not told",
        _RULES + "offer_replies.py",
        "    told = case.tell(about, Kind.CONFIRMATION)\n",
        "    told = None\n",
    ),
    Mutant(
        "notices are not remembered",
        _RULES + "reply_case.py",
        "        self.keep(about, notices_sent=(*about.offer.notices_sent, kind))\n",
        "        self.keep(about)\n",
    ),
    Mutant(
        "a no is not counted",
        _RULES + "offer_replies.py",
        "case.writes.append(with_fewer_open_offers(about.fanout, case.now))",
        "case.writes.append(about.fanout)",
    ),
    Mutant(
        "an exhausted shift asks for nobody",
        "app/domain/attention.py",
        "add(AttentionReason.EXHAUSTED, fanout.exhausted_at or fanout.started_at)",
        "pass",
    ),
    Mutant(
        "who was released is asked again",
        _RULES + "offers.py",
        "    OfferState.RELEASED: ExclusionReason.RELEASED,\n",
        "",
    ),
    Mutant(
        "a claim is not on record",
        _RULES + "facts.py",
        "            if after.claimed_via is None:\n                yield self._fact(FactType.SHIFT_ASSIGNED",
        "            if after.claimed_via is not None:\n                return\n"
        "            if after.claimed_via is None:\n                yield self._fact(FactType.SHIFT_ASSIGNED",
    ),
    Mutant(
        "an unanswered text is repeated without keys",
        _RULES + "handovers.py",
        "        case HandoverResult.UNKNOWN:\n            status = ContactStatus.UNKNOWN\n",
        "        case HandoverResult.UNKNOWN:\n"
        "            return retry(state, entry, command.now, command.error, maybe_sent=False, wait_s=1.0)\n",
        ("tests/acceptance/test_faults.py",),
    ),
    Mutant(
        "the memory store lets others in before it writes",
        "app/stores/memory/store.py",
        "        self._write(decision.writes)\n        return decision.result",
        "        await asyncio.sleep(0)\n        self._write(decision.writes)\n        return decision.result",
    ),
    Mutant(
        "leases are not renewed",
        "app/runtime/worker.py",
        "        if self._renew_at <= now:\n",
        "        if self._renew_at <= now and self._stopping:\n",
        ("tests/acceptance/test_faults.py", "tests/acceptance/test_leases.py"),
    ),
    Mutant(
        "a lease that has ended is still used",
        "app/runtime/delivery.py",
        "if self._clock.now() >= leased_until:",
        "if self._clock.now() >= leased_until + timedelta(days=1):",
        ("tests/acceptance/test_stand_still.py",),
    ),
    Mutant(
        "a text always goes before a call",
        "app/stores/turns.py",
        "return (*other_channel, *same_channel, sent)",
        "return order",
        ("tests/stores/test_turns.py",),
    ),
    Mutant(
        "quiet hours are ignored",
        _RULES + "holds.py",
        "organization.quiet_hours is None or fanout.urgent:",
        "organization.quiet_hours is not None or fanout.urgent:",
        ("tests/property/test_quiet_hours.py",),
    ),
    Mutant(
        "PostgreSQL: no lock is taken",
        "app/stores/postgres/loading.py",
        '            "names": sorted(locks.names),',
        '            "names": [],',
        ("tests/prove/test_merges.py", "tests/stores/test_postgres_store.py"),
    ),
    Mutant(
        "PostgreSQL: a conflict is not decided again",
        "app/stores/postgres/transitions.py",
        "ATTEMPTS = 10",
        "ATTEMPTS = 1",
        ("tests/stores/test_postgres_store.py",),
    ),
    Mutant(
        "PostgreSQL: a command whose COMMIT had no answer is decided again",
        "app/stores/postgres/connections.py",
        "            if commits:\n",
        "            if commits and self._pool is None:\n",
        ("tests/prove/test_merges.py",),
    ),
    Mutant(
        "PostgreSQL: the answers of message ids are not stored",
        "app/stores/postgres/statements.py",
        "FROM json_populate_recordset(NULL::inbound_messages, %s)",
        "FROM json_populate_recordset(NULL::inbound_messages, %s) WHERE false",
        (HISTORIES,),
    ),
    Mutant(
        "PostgreSQL: the notices of a worker that died are not taken over",
        "app/stores/postgres/queue.py",
        "    SELECT ctid AS row_id FROM notices\n"
        "    WHERE status = 'sending' AND leased_until <= coalesce(%(lease_now)s, statement_timestamp())\n",
        "    SELECT ctid AS row_id FROM notices\n    WHERE status = 'sending' AND leased_until IS NULL\n",
        (HISTORIES,),
    ),
]
