// Derives the log of a shift from its detail. Pure.

import { serverNow } from "./clock.js";
import { formatNumber, shortDate, zoneOf } from "./format.js";
import { BY_CHANNEL, CHANNEL, labelFor, MESSAGE_STATUS, nameOf, OUTCOME } from "./labels.js";

/** If more messages of one kind were sent within one minute, they share one entry. */
const MAX_SINGLE_ENTRIES = 3;

/** Returns the entries { at, what, who?, day? }, newest first. `day` is set where the day changes from the entry above. */
export function logEntries(detail) {
  const zone = zoneOf(detail.shift);
  let dayAbove = shortDate(serverNow(), zone);
  return entriesByTime(detail).reverse().map((entry) => {
    const day = shortDate(entry.at, zone);
    const withDay = day === dayAbove ? entry : { ...entry, day };
    dayAbove = day;
    return withDay;
  });
}

/** Whether a fanout was started. A shift assigned by hand has a fanout record too, which was closed at once. */
const fanoutWasStarted = ({ fanout, sums, caregivers }) =>
  fanout.generation > 1 || sums.asked > 0 || !["claimed", "cancelled"].includes(fanout.status) || caregivers.some((caregiver) => caregiver.excluded);

function entriesByTime(detail) {
  const { fanout, holder, caregivers } = detail;
  if (!fanout && !holder) return [];
  const entries = [];
  const add = (at, what, who) => entries.push({ at, what, who });
  if (fanout && fanoutWasStarted(detail)) {
    add(fanout.started_at, fanout.generation > 1 ? `Asking started again (attempt ${fanout.generation})` : "Asking started");
    if (fanout.round === "voice") add(fanout.escalates_at, "Calls started");
    if (fanout.status === "expired") add(detail.shift.end_time, "The shift ended, and nobody had it");
  }
  for (const caregiver of caregivers) {
    for (const response of caregiver.responses) {
      add(response.at, `${labelFor(OUTCOME, response.outcome)} (${BY_CHANNEL[response.channel]})`, nameOf(caregiver));
    }
  }
  if (holder?.via === null) add(holder.at, "Assigned by hand", nameOf(holder));
  if (holder?.release_requested_at && !entries.some((entry) => entry.at === holder.release_requested_at)) {
    add(holder.release_requested_at, "Asks to be released", nameOf(holder));
  }
  entries.push(...messageEntries(caregivers));
  return entries.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** Returns the entries of messages that were sent, failed or skipped. */
function messageEntries(caregivers) {
  const groups = new Map();
  for (const caregiver of caregivers) {
    for (const message of caregiver.messages) {
      if (message.status === "queued" || message.status === "sending") continue;
      const key = `${message.channel} ${message.status} ${message.error} ${message.updated_at.slice(0, 16)}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push({ ...message, who: nameOf(caregiver) });
    }
  }
  const entries = [];
  for (const group of groups.values()) {
    const [{ channel, status, error }] = group;
    const describe = (subject) => `${subject} ${MESSAGE_STATUS[status]}${error ? `: ${error}` : ""}`;
    if (group.length <= MAX_SINGLE_ENTRIES) {
      entries.push(...group.map(({ updated_at, who }) => ({ at: updated_at, what: describe(CHANNEL[channel]), who })));
    } else {
      const at = group.reduce((last, { updated_at }) => (updated_at > last ? updated_at : last), "");
      entries.push({ at, what: describe(`${formatNumber(group.length)} ${CHANNEL[channel].toLowerCase()}s`) });
    }
  }
  return entries;
}
