// What the board calls states, answers and reasons, and the rules by which a row gets its state.

import { serverNow } from "./clock.js";
import { formatNumber } from "./format.js";

export const STATES = {
  release: { label: "Release requested", icon: "back" },
  exhausted: { label: "Nobody left", icon: "alert" },
  expired: { label: "Ended unfilled", icon: "alert" },
  texting: { label: "Texting", icon: "text" },
  calling: { label: "Calling", icon: "call" },
  open: { label: "Not started", icon: "open" },
  cancelled: { label: "Cancelled", icon: "cross" },
  filled: { label: "Filled", icon: "check" },
};

/** Returns the key of the row's state in STATES. */
export function stateOf({ shift, holder, fanout }) {
  if (holder) return holder.release_requested_at ? "release" : "filled";
  if (!fanout) return hasEnded(shift) ? "expired" : "open";
  if (fanout.status === "open") return fanout.round === "voice" ? "calling" : "texting";
  // A shift that was moved after its end can be asked about again.
  if (fanout.status === "expired" && !hasEnded(shift)) return "open";
  return fanout.status in STATES ? fanout.status : "open";
}

export const hasEnded = ({ end_time }) => Date.parse(end_time) <= serverNow();

/** Whether a yes still claims the shift. */
export const isClaimable = ({ holder, fanout }) => !holder && ["open", "exhausted"].includes(fanout?.status);

/** How the holder claimed the shift, by `via`; also how an answer came, by its channel. */
export const BY_CHANNEL = { sms: "by text", voice: "by phone", null: "assigned by hand" };

/** Actors that go without saying: what a caregiver or the service does says so, and the office has no names. */
const UNNAMED_ACTORS = ["caregiver", "service", "office"];

/** Returns who did it, as the end of a sentence about a fact. */
export const byActor = ({ actor }) => (UNNAMED_ACTORS.includes(actor) ? "" : `, by ${actor}`);

export const nameOf = (caregiver) => caregiver.name ?? caregiver.caregiver_id;

/** The name of the shift's organization; its id if it has no record. */
export const organizationName = ({ shift, organization }) => organization ?? shift.organization_id;

export const CHANNEL = { sms: "Text", voice: "Call" };

/** The statuses of a message, for texts and calls. */
export const MESSAGE_STATUS = {
  queued: "waiting",
  sending: "going out",
  sent: "sent",
  delivered: "delivered",
  failed: "failed",
  unknown: "may not have arrived",
  skipped: "not sent",
};

/** What a notice tells its caregiver, by its kind. */
export const NOTICE = {
  confirmation: "They have the shift",
  closed: "The shift is taken",
  conflict: "They hold a shift at that time or too close to it",
  clarification: "A question back",
  release: "Their wish to give the shift back was received",
  released: "They no longer have the shift",
  opt_out: "They get no more messages",
  opt_in: "They get messages again",
  wrong_number: "An apology for the wrong number",
  help: "Help",
  alert: "The shift needs a person",
  message: "A text in the office's own words",
};

export const OUTCOME = {
  claimed: "Yes, has the shift",
  already_yours: "Yes again, has the shift",
  already_claimed: "Yes, too late",
  conflict: "Yes, but holds a shift at that time or too close to it",
  ambiguous: "Could mean several shifts",
  declined: "No",
  release_requested: "Asks to be released",
  unrecognized: "Not understood",
  no_offer: "Was not asked about this shift",
  opted_out: "Opted out",
  opted_in: "Opted in",
  help: "Asked for help",
  unknown_sender: "Number not known",
  no_answer: "No answer",
  wrong_number: "Wrong number",
};

export const EXCLUSION_REASON = {
  opted_out: "Opted out of messages",
  wrong_number: "Their number belongs to somebody else",
  conflict: "Holds a shift at that time or too close to it",
  other_organization: "Works for another organization",
  declined: "Said no to this shift before",
  released: "Was released from this shift",
};

/** Returns the responses that a caregiver gave. A call that nobody answered is none. */
export const answersOf = ({ responses }) => responses.filter(({ outcome }) => outcome !== "no_answer");

/** Returns the label of a key. A key that a newer service has added is shown as its name, with spaces. */
export const labelFor = (table, key) => table[key] ?? String(key).replaceAll("_", " ");

/** Returns the counts that `fanoutNumbers` leaves out, as “Messages: 12 waiting, 1 failed”. Empty if all are 0. */
export function otherMessageCounts({ queued, sending, failed, unknown, skipped }) {
  const counts = [
    [queued + sending, "waiting"],
    [failed, "failed"],
    [unknown, "that may not have arrived"],
    [skipped, "not sent any more"],
  ];
  const texts = counts.filter(([count]) => count).map(([count, label]) => `${formatNumber(count)} ${label}`);
  return texts.length ? `Messages: ${texts.join(", ")}` : "";
}
