// Who could be assigned to a shift, the likely ones first, with what is known about each of them.

import { request } from "./api.js";
import { fold } from "./fold.js";
import { answersOf } from "./labels.js";

const PAGE_SIZE = 1000;
const HOUR_MS = 3600 * 1000;
/** Longer shifts than this may be missed. If one of them does overlap, the service refuses. */
const LONGEST_SHIFT_MS = 72 * HOUR_MS;

/**
 * What may be known about a caregiver, from what makes them likely to take the shift to what makes it impossible. Each
 * has `name` and `label`, the heading of the caregivers for whom it is decisive. The last known fact is decisive.
 */
const FACTS = [
  { name: "late", label: "Said yes, too late" },
  { name: "yes_despite_conflict", label: "Said yes while they held a shift at that time or too close to it" },
  { name: "opted_out_yes", label: "Said yes, but has opted out of messages" },
  { name: "unrecognized", label: "Reply was not understood" },
  { name: "new", label: "Not asked yet" },
  { name: "silent", label: "Asked, no answer" },
  { name: "released", label: "Was released from this shift" },
  { name: "declined", label: "Said no" },
  { name: "opted_out", label: "Opted out of messages" },
  { name: "wrong_number", label: "Their number belongs to somebody else" },
  { name: "conflict", label: "Holds a shift at that time or too close to it" },
  { name: "other_organization", label: "Works for another organization" },
];
/** The last answer of somebody who had the shift. A shift that is assigned by hand has no holder, so they were released. */
const HELD = new Set(["claimed", "already_yours", "release_requested"]);
/** The statuses of messages that the caregiver may have got. */
const WENT_OUT = new Set(["sending", "sent", "delivered", "unknown"]);
const LABELS = Object.fromEntries(FACTS.map(({ name, label }) => [name, label]));
const RANKS = Object.fromEntries(FACTS.map(({ name }, index) => [name, index]));

/**
 * Returns the caregivers who have the shift's role, as { id, name, phone, group, others }: `group` is the label of the
 * decisive fact, `others` the labels of the other facts. Likely ones come first, then by name.
 */
export async function loadCandidates(detail) {
  const { shift } = detail;
  const [roster, holders] = await Promise.all([loadRoster(shift), loadHolders(shift)]);
  return ranked(roster, detail, holders);
}

/** Returns those of the candidates who are in the detail, at once: the likeliest ones are among them. */
export function knownCandidates(detail) {
  const roster = detail.caregivers
    .filter(({ name, phone }) => name !== null && phone !== null)
    .map(({ caregiver_id, name, phone }) => ({ id: caregiver_id, name, phone, organization_ids: [], opted_out: false }));
  return ranked(roster, detail, new Set());
}

const compareNames = new Intl.Collator("en").compare;

function ranked(roster, detail, holders) {
  const known = new Map(detail.caregivers.map((caregiver) => [caregiver.caregiver_id, caregiver]));
  return roster
    .map((caregiver) => {
      const facts = factsAbout(caregiver, known.get(caregiver.id), detail, holders).sort((one, other) => RANKS[one] - RANKS[other]);
      const decisive = facts.pop();
      return { ...caregiver, rank: RANKS[decisive], group: LABELS[decisive], others: facts.map((name) => LABELS[name]) };
    })
    .sort((one, other) => one.rank - other.rank || compareNames(one.name, other.name));
}

/** Returns the names of the facts that are known about a caregiver; at least one. */
function factsAbout(caregiver, known, { shift, attention }, holders) {
  const facts = [];
  const answers = (known ? answersOf(known) : []).sort((one, other) => Date.parse(one.at) - Date.parse(other.at)).map(({ outcome }) => outcome);
  const isMarked = (reason) => attention.some((entry) => entry.reason === reason && entry.caregiver_id === caregiver.id);
  const excluded = known?.excluded;
  if (answers.at(-1) === "already_claimed") facts.push("late");
  if (answers.at(-1) === "conflict") facts.push("yes_despite_conflict");
  if (isMarked("opted_out_yes")) facts.push("opted_out_yes");
  else if (caregiver.opted_out || excluded === "opted_out") facts.push("opted_out");
  if (isMarked("unrecognized")) facts.push("unrecognized");
  if (answers.at(-1) === "declined" || excluded === "declined") facts.push("declined");
  if (excluded === "released" || HELD.has(answers.at(-1))) facts.push("released");
  if (excluded === "wrong_number" || answers.at(-1) === "wrong_number") facts.push("wrong_number");
  if (holders.has(caregiver.id) || excluded === "conflict") facts.push("conflict");
  const { organization_ids } = caregiver;
  const worksElsewhere = organization_ids.length > 0 && !organization_ids.includes(shift.organization_id);
  if (worksElsewhere || excluded === "other_organization") facts.push("other_organization");
  if (facts.length) return facts;
  return [known?.messages.some(({ status }) => WENT_OUT.has(status)) ? "silent" : "new"];
}

/** Returns the caregivers who have the shift's role. */
async function loadRoster(shift) {
  const found = [];
  for await (const page of pagesOf("caregivers")) {
    found.push(...page.filter(({ roles }) => roles.some((role) => fold(role) === fold(shift.role_required))));
  }
  return found;
}

/**
 * Returns the ids of the caregivers who hold a shift that overlaps with this one or leaves too little rest: less than
 * the organization of either shift demands between them.
 */
async function loadHolders(shift) {
  const rests = await loadRests();
  const restOf = ({ organization_id }) => rests.get(organization_id) ?? 0;
  const longestRest = Math.max(0, ...rests.values());
  const [start, end] = [Date.parse(shift.start_time), Date.parse(shift.end_time)];
  const holders = new Set();
  const parameters = {
    status: "claimed",
    starts_from: isoTime(start - LONGEST_SHIFT_MS - longestRest),
    starts_before: isoTime(end + longestRest),
  };
  for await (const page of pagesOf("shifts", parameters)) {
    for (const other of page) {
      const rest = Math.max(restOf(shift), restOf(other));
      const isTooClose = Date.parse(other.end_time) + rest > start && Date.parse(other.start_time) < end + rest;
      if (other.id !== shift.id && isTooClose) holders.add(other.assigned_to);
    }
  }
  return holders;
}

/** Returns the rest that each organization demands between two shifts of a caregiver, in milliseconds. */
async function loadRests() {
  const rests = new Map();
  for await (const page of pagesOf("organizations")) {
    for (const { id, minimum_rest } of page) if (minimum_rest !== null) rests.set(id, minimum_rest * HOUR_MS);
  }
  return rests;
}

/** Yields the pages of a list of the API, each as an array of its items. */
async function* pagesOf(path, parameters = {}) {
  let after = "";
  do {
    const page = await request("GET", `${path}?${new URLSearchParams({ ...parameters, limit: PAGE_SIZE, after })}`);
    yield page.items;
    after = page.next;
  } while (after !== null);
}

const isoTime = (ms) => new Date(ms).toISOString();
