"""The mutants: one small fault each, and the layers that kill it.

`states` and `schedules` are the samples of the proof that every `uv run pytest` runs, `histories` is a history. The
other layers are tests.
"""

from dataclasses import dataclass

STATES = "states"
SCHEDULES = "schedules"
HISTORIES = "histories"
_BOTH = (STATES, SCHEDULES)
_RULES = "app/domain/rules/"
_POSTGRES = "tests/stores/test_postgres_store.py::TestPostgresStore::"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault: in the file at `path`, `old` becomes `new`. `old` occurs there exactly once."""

    name: str
    path: str
    old: str
    new: str
    #: What kills it: parts of the proof, or tests as pytest names them.
    layers: tuple[str, ...] = _BOTH


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
        "    refusal = _obstacle(state, shift, caregiver, holding, command.within)\n"
        "    if refusal is not None:\n"
        "        return Decision(refusal)\n"
        "    before = state.fanout(shift.id)\n"
        "    status = MOVES[before.status if before else None, Move.ASSIGN]\n",
        "    refusal = _obstacle(state, shift, caregiver, None, command.within)\n"
        "    if refusal is not None:\n"
        "        return Decision(refusal)\n"
        "    before = state.fanout(shift.id)\n"
        "    status = MOVES[None, Move.ASSIGN]\n",
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
        (STATES,),
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
        (STATES,),
    ),
    Mutant(
        "the last check forgets the STOP",
        _RULES + "deliveries.py",
        "elif not direct and (silence :=",
        "elif direct and (silence :=",
        (STATES,),
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
        (STATES,),
    ),
    Mutant(
        "a notice overtakes one that is being handed over",
        _RULES + "deliveries.py",
        "    if _must_wait(state, notice):",
        "    if _must_wait(state, notice) and notice.kind is Kind.HELP:",
        (STATES, "tests/acceptance/test_assigning.py::test_a_notice_waits_for_the_one_before_it"),
    ),
    Mutant(
        "what was taken back is not said again",
        _RULES + "deliveries.py",
        "            otherwise_at.append(one.perhaps_received_at)",
        "            pass",
        (STATES, "tests/acceptance/test_assigning.py::test_what_may_have_been_taken_back_is_said_again"),
    ),
    Mutant(
        "a repeat is the last word",
        _RULES + "deliveries.py",
        "            said_at.append(one.first_attempt_at)",
        "            said_at.append(one.handed_over_at or one.first_attempt_at)",
        (STATES, "tests/acceptance/test_assigning.py::test_a_repeat_is_not_the_last_word"),
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
        ("tests/acceptance/test_brief.py::test_after_ten_minutes_without_a_yes_everybody_is_called_once",),
    ),
    Mutant(
        "the winner is not told",
        _RULES + "offer_replies.py",
        "    reply = case.tell(about, Kind.CONFIRMATION)\n",
        "    reply = None\n",
    ),
    Mutant(
        "notices are not remembered",
        _RULES + "reply_case.py",
        "        self.keep(about, notices_sent=(*about.offer.notices_sent, kind))\n",
        "        self.keep(about)\n",
        (SCHEDULES,),
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
        (STATES,),
    ),
    Mutant(
        "generations begin again after a fanout was forgotten",
        _RULES + "fanouts.py",
        "last = state.forgotten_generation(shift.id) if before is None else before.generation",
        "last = 0 if before is None else before.generation",
        (STATES,),
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
        (SCHEDULES, "tests/acceptance/test_faults.py::test_without_idempotency_an_unanswered_hand_over_is_unknown"),
    ),
    Mutant(
        "the memory store lets others in before it writes",
        "app/stores/memory/store.py",
        "        self._write(decision.writes)\n        return decision.result",
        "        await asyncio.sleep(0)\n        self._write(decision.writes)\n        return decision.result",
        (SCHEDULES,),
    ),
    Mutant(
        "leases are not renewed",
        "app/runtime/worker.py",
        "await self._store.renew(list(self._in_flight.values()), now + self._lease)",
        "await self._store.renew([], now + self._lease)",
        (
            "tests/acceptance/test_leases.py::test_a_worker_that_pauses_renews_its_leases_in_time",
            "tests/acceptance/test_faults.py::test_a_delivery_that_outlasts_its_lease_is_not_taken_over",
        ),
    ),
    Mutant(
        "a lease that has ended is still used",
        "app/runtime/delivery.py",
        "if self._clock.now() >= leased_until:",
        "if self._clock.now() >= leased_until + timedelta(days=1):",
        ("tests/acceptance/test_stand_still.py::test_the_lease_is_looked_at_before_each_hand_over",),
    ),
    Mutant(
        "a text always goes before a call",
        "app/stores/turns.py",
        "return (*other_channel, *same_channel, sent)",
        "return order",
        ("tests/stores/test_turns.py::test_four_waiting_queues_get_equal_shares",),
    ),
    Mutant(
        "quiet hours are ignored",
        _RULES + "holds.py",
        "organization.quiet_hours is None or fanout.urgent:",
        "organization.quiet_hours is None or fanout.generation > 0:",
        (STATES, "tests/property/test_quiet_hours.py::test_nobody_is_disturbed_and_nobody_is_forgotten"),
    ),
    Mutant(
        "other quiet hours do not move what waits",
        _RULES + "roster.py",
        "if before is not None and _nights(before) != _nights(organization):",
        "if before is not None and _nights(before) == _nights(organization):",
        (STATES,),
    ),
    Mutant(
        "PostgreSQL: no lock is taken",
        "app/stores/postgres/loading.py",
        '            "names": sorted(locks.names),',
        '            "names": [],',
        ("tests/prove/test_merges.py::test_two_commands_at_once_are_answered_as_one_after_the_other",),
    ),
    Mutant(
        "PostgreSQL: a conflict is not decided again",
        "app/stores/postgres/transitions.py",
        "ATTEMPTS = 10",
        "ATTEMPTS = 1",
        (_POSTGRES + "test_a_shift_may_change_hands_in_one_decision",),
    ),
    Mutant(
        "PostgreSQL: a command whose COMMIT had no answer is decided again",
        "app/stores/postgres/connections.py",
        "            if commits:\n",
        "            if commits and self._pool is None:\n",
        ("tests/prove/test_merges.py::test_a_command_whose_commit_has_no_answer_is_not_decided_again",),
    ),
    Mutant(
        "PostgreSQL: the answers of message ids are not stored",
        "app/stores/postgres/statements.py",
        "FROM json_populate_recordset(NULL::inbound_messages, %s)",
        "FROM json_populate_recordset(NULL::inbound_messages, %s) WHERE false",
        (HISTORIES, _POSTGRES + "test_the_end_of_an_answered_call_changes_nothing"),
    ),
    Mutant(
        "PostgreSQL: the notices of a worker that died are not taken over",
        "app/stores/postgres/queue.py",
        "    SELECT ctid AS row_id FROM notices\n"
        "    WHERE status = 'sending' AND leased_until <= coalesce(%(lease_now)s, statement_timestamp())\n",
        "    SELECT ctid AS row_id FROM notices\n    WHERE status = 'sending' AND leased_until IS NULL\n",
        (HISTORIES, _POSTGRES + "test_a_notice_is_taken_over_like_an_offer"),
    ),
]
