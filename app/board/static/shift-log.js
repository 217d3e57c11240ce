// Puts the facts of a shift into words. Pure.

import { serverNow } from "./clock.js";
import { formatNumber, shortDate, zoneOf } from "./format.js";
import { BY_CHANNEL, byActor, CHANNEL, labelFor, MESSAGE_STATUS, NOTICE, OUTCOME } from "./labels.js";

/** If more offers of one kind were sent, or failed for one reason, within one minute, they share one entry. */
const MAX_SINGLE_ENTRIES = 3;

const withChannel = (text, { channel }) => (channel ? `${text} (${BY_CHANNEL[channel]})` : text);
const outcome = (name) => ({ data }) => withChannel(labelFor(OUTCOME, name), data);
const withReason = (text, error) => (error ? `${text}: ${error}` : text);

/** The fields of a shift, as an entry names them. */
const FIELD = {
  organization_id: "organization",
  role_required: "role",
  start_time: "start",
  end_time: "end",
  time_zone: "time zone",
  location: "place",
};
const fieldNames = (fields) => fields.split(" ").map((name) => labelFor(FIELD, name)).join(", ");

const started = ({ generation }) => (generation > 1 ? `Asking started again (attempt ${generation})` : "Asking started");

/** What an entry says, by the type of its fact. */
const TEXT = {
  "fanout.started": ({ data }) => started(data) + (data.urgent ? ", urgent: no quiet hours" : ""),
  "fanout.exhausted": () => "Nobody is left who could say yes",
  "fanout.unanswered": () => "Nobody has accepted in time",
  "fanout.expired": () => "The shift ended, and nobody had it",
  "fanout.cancelled": () => "Asking was cancelled",
  "offer.sent": ({ data }) => `${CHANNEL[data.channel]} sent`,
  "offer.failed": ({ data }) => withReason(`${CHANNEL[data.channel]} ${MESSAGE_STATUS[data.status]}`, data.error),
  "offer.declined": outcome("declined"),
  "shift.filled": outcome("claimed"),
  "shift.assigned": () => "Assigned by hand",
  "shift.released": () => "Released by hand",
  "release.requested": outcome("release_requested"),
  "reply.unrecognized": outcome("unrecognized"),
  "notice.failed": ({ data }) => withReason(`Message “${labelFor(NOTICE, data.kind)}” ${MESSAGE_STATUS[data.status]}`, data.error),
  "record.changed": changeText,
};

/** The same for a changed record; null: the entry would say nothing to a coordinator. */
function changeText({ data }) {
  const { record, change } = data;
  if (record === "message") return "The office sent a text";
  if (record === "response") return withChannel(labelFor(OUTCOME, change), data);
  if (record === "shift") {
    if (change === "deleted") return "Shift deleted";
    return change === "replaced" ? `Shift changed: ${fieldNames(data.fields)}` : "Shift added";
  }
  if (change === "escalated") return "Calls started";
  if (change === "urgent") return "Marked as urgent: quiet hours hold nothing";
  if (change === "reopened") return "Somebody can accept again";
  if (change === "no_longer_qualified") return "No longer has the role or the organization of the shift";
  return null;
}

/**
 * Returns the entries { at, what, who?, day? } of the facts, which are oldest first. The entries are newest first. `day`
 * is set where the day changes from the entry above.
 */
export function logEntries(facts, shift) {
  const zone = zoneOf(shift);
  let dayAbove = shortDate(serverNow(), zone);
  return groups(facts).flatMap(entriesOf).reverse().map((entry) => {
    const day = shortDate(entry.at, zone);
    const withDay = day === dayAbove ? entry : { ...entry, day };
    dayAbove = day;
    return withDay;
  });
}

/** Puts the facts about offers of one minute that say the same into one group, at the place of the last of them. */
function groups(facts) {
  const byKey = new Map();
  for (const fact of facts) {
    const isOffer = fact.type === "offer.sent" || fact.type === "offer.failed";
    const key = isOffer ? `${textOf(fact)} ${fact.at.slice(0, 16)}` : fact.id;
    const group = byKey.get(key) ?? [];
    group.push(fact);
    // A map keeps the place of a key, so it is removed first.
    byKey.delete(key);
    byKey.set(key, group);
  }
  return [...byKey.values()];
}

function entriesOf(group) {
  const last = group.at(-1);
  const what = textOf(last);
  if (what === null) return [];
  if (group.length > MAX_SINGLE_ENTRIES) {
    const [channel, ...rest] = what.split(" ");
    return [{ at: last.at, what: [formatNumber(group.length), `${channel.toLowerCase()}s`, ...rest].join(" ") }];
  }
  return group.map((fact) => ({ at: fact.at, what, who: fact.name ?? fact.caregiver_id }));
}

function textOf(fact) {
  const text = fact.type in TEXT ? TEXT[fact.type](fact) : fact.type;
  return text === null ? null : text + byActor(fact);
}
