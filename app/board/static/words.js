// What the board says: states, answers, times, numbers.

import { serverNow } from "./clock.js";

let defaultZone = "UTC";

/** The zone of shifts that name none, as the service says it. */
export function setDefaultZone(name) {
  defaultZone = usable(name);
}

export const STATES = {
  release: { label: "Release requested", icon: "back" },
  exhausted: { label: "Nobody left", icon: "alert" },
  texting: { label: "Texting", icon: "text" },
  calling: { label: "Calling", icon: "call" },
  open: { label: "Not started", icon: "open" },
  cancelled: { label: "Cancelled", icon: "cross" },
  filled: { label: "Filled", icon: "check" },
};

/** Which of STATES a row is in. */
export function stateOf({ holder, fanout }) {
  if (holder) return holder.release_requested_at ? "release" : "filled";
  if (!fanout) return "open";
  if (fanout.status === "open") return fanout.round === "voice" ? "calling" : "texting";
  return fanout.status in STATES ? fanout.status : "open";
}

/** Whether a person should look: nobody left, a holder who wants out, or replies nobody understood. */
export function needsPerson(row) {
  return ["release", "exhausted"].includes(stateOf(row)) || (row.sums?.unclear ?? 0) > 0;
}

/** Whether a yes could still win the shift. */
export const claimable = ({ holder, fanout }) => !holder && ["open", "exhausted"].includes(fanout?.status);

const formatters = new Map();

function format(kind, zone, options) {
  const name = `${kind} ${zone}`;
  if (!formatters.has(name)) formatters.set(name, new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }));
  return formatters.get(name);
}

const usableZones = new Map();

/** The zone, or UTC (and named so) where the browser does not know it: it may know fewer than the service. */
function usable(zone) {
  if (!usableZones.has(zone)) {
    try {
      usableZones.set(zone, new Intl.DateTimeFormat("en-US", { timeZone: zone }) && zone);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      usableZones.set(zone, "UTC");
    }
  }
  return usableZones.get(zone);
}

const HOUR = { hour: "numeric", minute: "2-digit" };

export const zoneOf = (shift) => (shift.time_zone === null ? defaultZone : usable(shift.time_zone));

/** Monday, March 1, 2027 */
export const day = (time, zone) =>
  format("day", zone, { weekday: "long", month: "long", day: "numeric", year: "numeric" }).format(new Date(time));

/** Mon, Mar 1 */
export const shortDay = (time, zone) =>
  format("short", zone, { weekday: "short", month: "short", day: "numeric" }).format(new Date(time));

/** 7:00 AM */
export const hour = (time, zone) => format("hour", zone, HOUR).format(new Date(time));

/** 7:00:09 AM */
export const second = (time, zone) => format("second", zone, { ...HOUR, second: "2-digit" }).format(new Date(time));

/** EST */
export const zoneName = (time, zone) =>
  format("zone", zone, { timeZoneName: "short" }).formatToParts(new Date(time)).find((part) => part.type === "timeZoneName").value;

/** 7:00 AM EST, with the day unless that is today. */
export function moment(time, zone) {
  const today = shortDay(serverNow(), zone) === shortDay(time, zone);
  return `${today ? "" : `${shortDay(time, zone)}, `}${hour(time, zone)} ${zoneName(time, zone)}`;
}

/** 7:00:09 AM EST, in the zone of the service. */
export const officeTime = (time) => `${second(time, defaultZone)} ${zoneName(time, defaultZone)}`;

/** The service's time, as it says it. */
export const rightNow = () => officeTime(serverNow());

/** 7:00 AM – 3:00 PM EST, with the day of the end where it is another, and both zones where the clocks change. */
export function hours(shift) {
  const zone = zoneOf(shift);
  const [starts, ends] = [shift.start_time, shift.end_time];
  const later = day(starts, zone) === day(ends, zone) ? "" : ` (ends ${shortDay(ends, zone)})`;
  const [before, after] = [zoneName(starts, zone), zoneName(ends, zone)];
  return `${hour(starts, zone)}${before === after ? "" : ` ${before}`} – ${hour(ends, zone)} ${after}${later}`;
}

/** RN, Quincy 02169 */
export const title = (shift) => [shift.role_required, shift.location].filter(Boolean).join(", ");

/** RN, Quincy 02169, Mon, Mar 1, 7:00 AM – 3:00 PM EST */
export const inFull = (shift) => `${title(shift)}, ${shortDay(shift.start_time, zoneOf(shift))}, ${hours(shift)}`;

export const number = (value) => value.toLocaleString("en-US");

/** 1 caregiver, 2 caregivers */
export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/** How the holder came to the shift. */
export const VIA = { sms: "by text", voice: "by phone", null: "assigned by hand" };

export const nameOf = (person) => person.name ?? person.caregiver_id;

export const CHANNEL = { sms: "Text", voice: "Call" };

/** The states of a message, for a text and for a call. */
export const MESSAGE = {
  queued: "waiting",
  sending: "going out",
  sent: "sent",
  delivered: "delivered",
  failed: "failed",
  unknown: "may not have arrived",
  skipped: "not sent",
};

export const OUTCOME = {
  claimed: "Yes, has the shift",
  already_yours: "Yes again, has the shift",
  already_claimed: "Yes, too late",
  conflict: "Yes, but holds an overlapping shift",
  ambiguous: "Could mean several shifts",
  declined: "No",
  release_requested: "Asks to be released",
  unrecognized: "Not understood",
  no_offer: "Was not asked about this shift",
  opted_out: "Opted out",
  opted_in: "Opted in",
  help: "Asked for help",
  unknown_sender: "Number not known",
};

export const REASON = {
  opted_out: "Opted out of messages",
  conflict: "Holds an overlapping shift",
  other_organization: "Works for another organization",
  declined: "Said no to this shift before",
  released: "Was released from this shift",
};

/** What has no words yet is shown as it is called. */
export const words = (table, key) => table[key] ?? String(key).replaceAll("_", " ");

/** 12 messages waiting, 1 failed: what the four numbers of a fanout leave out; empty if that is nothing. */
export function leftOut({ queued, sending, failed, unknown, skipped }) {
  const parts = [
    [queued + sending, "waiting"],
    [failed, "failed"],
    [unknown, "that may not have arrived"],
    [skipped, "not sent any more"],
  ];
  const said = parts.filter(([size]) => size).map(([size, what]) => `${number(size)} ${what}`);
  return said.length ? `Messages: ${said.join(", ")}` : "";
}
