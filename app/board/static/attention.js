// The reasons why a person must look at a shift, in words. The service decides which reasons there are.

import { h, icon } from "./dom.js";
import { formatNumber, timeUnlessToday, zoneOf } from "./format.js";
import { hasEnded, labelFor } from "./labels.js";
import { caregiverName, phrase } from "./phrases.js";

/** At most this many reasons are listed above the tables of a shift. */
const MAX_REASONS = 10;

const hasShift = (entry, { holder }) => holder?.caregiver_id === entry.caregiver_id;

/**
 * Per reason: `text(entry, row)`, children for `h` without a full stop at the end, and `advice`, sentences about what to do.
 */
const REASONS = {
  exhausted: { text: () => "Nobody is left who could say yes", advice: "Assign somebody by hand." },
  unanswered: { text: () => "Nobody has accepted in time", advice: "Assign somebody by hand." },
  starts_soon: { text: () => "Starts soon, and nobody has the shift", advice: "Assign somebody by hand." },
  expired: { text: () => "The shift has ended, and nobody had it", advice: "" },
  release_requested: {
    text: (entry) => phrase`${caregiverName(entry)} asks to be released`,
    advice: "The shift is theirs until you release them.",
  },
  unrecognized: {
    text: (entry, row) =>
      hasShift(entry, row)
        ? phrase`${caregiverName(entry)} has the shift, but may not come`
        : phrase`The reply of ${caregiverName(entry)} was not understood`,
    advice: "Call them.",
  },
  not_told: {
    text: (entry, row) =>
      hasShift(entry, row)
        ? phrase`${caregiverName(entry)} could not be told that they have the shift`
        : phrase`${caregiverName(entry)} could not be told that they no longer have the shift`,
    advice: "Call them.",
  },
  not_qualified: {
    text: (entry) => phrase`${caregiverName(entry)} has the shift, but their role or organization no longer fits`,
    advice: "Release them, or correct their record.",
  },
  undelivered: { text: () => "Every message has failed, so nobody has heard of the shift", advice: "The errors are in the table below." },
  opted_out_yes: {
    text: (entry) => phrase`${caregiverName(entry)} said yes, but has opted out of messages`,
    advice: "They do not have the shift. Call them.",
  },
};

/** Returns the words of an entry of `row.attention`, as an array of children for `h` without a full stop at the end. */
export function attentionText(entry, row) {
  const reason = REASONS[entry.reason];
  if (reason) return [reason.text(entry, row)].flat();
  // A newer service may have reasons that this page does not know.
  return [labelFor({}, entry.reason), ...(entry.caregiver_id ? [": ", caregiverName(entry)] : [])];
}

const attentionAdvice = ({ reason }) => REASONS[reason]?.advice ?? "";

/** Whether a person must look at the shift. */
export const needsPerson = ({ attention }) => attention.length > 0;

/** Creates the lines that say in the list why a person must look at the shift: one line per reason. */
export function attentionLines(row) {
  const byReason = new Map();
  for (const entry of row.attention) byReason.set(entry.reason, [...(byReason.get(entry.reason) ?? []), entry]);
  return [...byReason.values()].map(([first, ...others]) => {
    const more = others.length ? `, and ${formatNumber(others.length)} more like it` : "";
    return h("span", { class: "reason" }, icon("alert"), h("span", {}, attentionText(first, row), more));
  });
}

/** Creates the parts of the box that says why a person must look at the opened shift; none if nobody must. */
export function attentionBox(detail) {
  if (!detail.attention.length) return [];
  const phones = new Map(detail.caregivers.map(({ caregiver_id, phone }) => [caregiver_id, phone]));
  const items = detail.attention.slice(0, MAX_REASONS).map((entry) => {
    const phone = phones.get(entry.caregiver_id);
    const link = phone && h("a", { class: "phone", "data-key": `call ${entry.caregiver_id}`, href: `tel:${phone}` }, phone);
    const since = ` (since ${timeUnlessToday(entry.since, zoneOf(detail.shift))})`;
    return h("li", {}, h("strong", {}, attentionText(entry, detail)), since, ". ", attentionAdvice(entry), " ", link);
  });
  const hidden = detail.attention.length - items.length;
  if (hidden) items.push(h("li", {}, `and ${formatNumber(hidden)} more.`));
  return [h("h3", {}, icon("alert"), "Needs a person"), h("ul", {}, items)];
}

/** Returns the entries that `row` has and `before`, the same row earlier or undefined, had not. */
export function newAttention(before, row) {
  const identity = ({ reason, caregiver_id, since }) => JSON.stringify([reason, caregiver_id, since]);
  const known = new Set(before?.attention.map(identity));
  return row.attention.filter((entry) => !known.has(identity(entry)));
}

/** Returns rows in the order of their start by urgency: shifts that have ended are last, because it is too late for them. */
export const byUrgency = (rows) => [...rows.filter(({ shift }) => !hasEnded(shift)), ...rows.filter(({ shift }) => hasEnded(shift))];
