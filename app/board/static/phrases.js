// Text with names in it, as children for `h`. Every name, role and place is in a `bdi` element: a right-to-left name
// then cannot reorder the text around it.

import { h } from "./dom.js";
import { shiftHours, shortDate, zoneOf } from "./format.js";
import { nameOf } from "./labels.js";

const isolated = (text) => h("bdi", {}, text);

/** Tag for template strings: returns the pieces as children for `h`. Values that are strings are put into a `bdi`. */
export function phrase(strings, ...values) {
  const isolatedValues = values.map((value) => (typeof value === "string" ? isolated(value) : value));
  return strings.flatMap((string, index) => [string, isolatedValues[index]]);
}

/** The caregiver's name, or their id if the name is not known. */
export const caregiverName = (caregiver) => isolated(nameOf(caregiver));

/** RN, Quincy 02169 */
export const shiftTitle = ({ role_required, location }) => (location ? phrase`${role_required}, ${location}` : isolated(role_required));

/** RN, Quincy 02169, Mon, Mar 1, 7:00 AM – 3:00 PM EST */
export const shiftSummary = (shift) => [shiftTitle(shift), `, ${shortDate(shift.start_time, zoneOf(shift))}, ${shiftHours(shift)}`];

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Returns children for `h` as plain text, with names isolated by characters. */
export const plainText = (content) =>
  [content].flat(Infinity).map((piece) => (piece instanceof Node ? isolateInText(piece.textContent) : piece ?? "")).join("");

/** Isolates a name where only plain text is possible, by the characters FSI and PDI. Left-to-right names need none. */
export const isolateInText = (name) => (RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name);
