// What happened to a shift, in order: made of its record, not kept apart from it. Pure.

import { serverNow } from "./clock.js";
import * as words from "./words.js";

/** So many messages of one kind in one minute are told as one. */
const TOLD_ONE_BY_ONE = 3;

/** The entries { at, what, who?, day? } of a shift in detail, newest first; `day` where it is not that of the one above. */
export function logOf(detail) {
  const zone = words.zoneOf(detail.shift);
  let above = words.shortDay(serverNow(), zone);
  return entriesOf(detail).reverse().map((one) => {
    const day = words.shortDay(one.at, zone);
    const entry = day === above ? one : { ...one, day };
    above = day;
    return entry;
  });
}

/** Whether anybody was to be asked: what is assigned by hand has a fanout that was over before it began. */
const wasAsked = ({ fanout, sums, caregivers }) =>
  fanout.generation > 1 || sums.asked > 0 || !["claimed", "cancelled"].includes(fanout.status) || caregivers.some((one) => one.excluded);

function entriesOf(detail) {
  const { fanout, holder, caregivers } = detail;
  if (!fanout && !holder) return [];
  const entries = [];
  const add = (at, what, who) => entries.push({ at, what, who });
  if (fanout && wasAsked(detail)) {
    add(fanout.started_at, fanout.generation > 1 ? `Asking started, time ${fanout.generation}` : "Asking started");
    if (fanout.round === "voice") add(fanout.escalates_at, "Calls started");
  }
  for (const person of caregivers) {
    const who = words.nameOf(person);
    for (const one of person.responses) add(one.at, `${words.words(words.OUTCOME, one.outcome)} (${words.VIA[one.channel]})`, who);
  }
  if (holder?.via === null) add(holder.at, "Assigned by hand", words.nameOf(holder));
  if (holder?.release_requested_at && !entries.some((one) => one.at === holder.release_requested_at)) {
    add(holder.release_requested_at, "Asks to be released", words.nameOf(holder));
  }
  entries.push(...sendings(caregivers));
  return entries.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** The messages that have left or failed; many of a kind within a minute as one entry. */
function sendings(caregivers) {
  const groups = new Map();
  for (const person of caregivers) {
    for (const one of person.messages) {
      if (one.status === "queued" || one.status === "sending") continue;
      const key = `${one.channel} ${one.status} ${one.error} ${one.updated_at.slice(0, 16)}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push({ ...one, who: words.nameOf(person) });
    }
  }
  const entries = [];
  for (const group of groups.values()) {
    const [{ channel, status, error }] = group;
    const what = (kind) => `${kind} ${words.MESSAGE[status]}${error ? `: ${error}` : ""}`;
    if (group.length <= TOLD_ONE_BY_ONE) {
      entries.push(...group.map((one) => ({ at: one.updated_at, what: what(words.CHANNEL[channel]), who: one.who })));
    } else {
      const at = group.reduce((last, one) => (one.updated_at > last ? one.updated_at : last), "");
      entries.push({ at, what: what(`${words.number(group.length)} ${words.CHANNEL[channel].toLowerCase()}s`) });
    }
  }
  return entries;
}
