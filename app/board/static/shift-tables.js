// The tables of the opened shift: the replies that were not understood, the caregivers with their messages and answers,
// who was left out, the other messages, the log. Their buttons record an answer and write a text.

import { describeShift, mayChange } from "./actions.js";
import { recordAnswer, writeText } from "./caregiver-dialogs.js";
import { h, icon } from "./dom.js";
import { countOf, timeOfDay, timeUnlessToday, timeWithSeconds, zoneOf } from "./format.js";
import { answersOf, BY_CHANNEL, byActor, EXCLUSION_REASON, labelFor, MESSAGE_STATUS, nameOf, NOTICE, OUTCOME } from "./labels.js";
import { createPagedTable } from "./paged-table.js";
import { caregiverName, phrase } from "./phrases.js";
import { logEntries } from "./shift-log.js";

/** Creates the tables. Calls `done(text)` after a button has done its work; `text` says what was done. */
export function createShiftTables(done) {
  /** The shift that is shown; null: none. */
  let detail = null;

  const caregiverTable = createPagedTable({
    name: "caregivers",
    title: "Caregivers",
    head: ["Caregiver", "Text", "Call", "Answer", "Action"],
    emptyText: "Nobody has been asked yet.",
    searchLabel: "Find a caregiver",
    filters: [
      ["all", "All", () => true],
      ["answered", "Answered", (caregiver) => answersOf(caregiver).length > 0],
      ["waiting", "No answer", (caregiver) => answersOf(caregiver).length === 0],
      ["unclear", "Not understood", ({ caregiver_id }) => isAbout("unrecognized", caregiver_id)],
      ["trouble", "Not reached", ({ messages }) => messages.some(isUndelivered)],
    ],
    text: searchText,
    key: ({ caregiver_id }) => caregiver_id,
    cells: caregiverCells,
  });
  const excludedTable = createPagedTable({
    name: "excluded",
    title: "Left out, and why",
    head: ["Caregiver", "Reason", "Action"],
    searchLabel: "Find a caregiver who was left out",
    text: (caregiver) => `${searchText(caregiver)} ${labelFor(EXCLUSION_REASON, caregiver.excluded)}`,
    key: ({ caregiver_id }) => caregiver_id,
    cells: excludedCells,
  });
  const noticeTable = createPagedTable({
    name: "notices",
    title: "Other messages",
    head: ["To", "What they are told", "State"],
    searchLabel: "Find a message",
    text: ({ kind, ...caregiver }) => `${searchText(caregiver)} ${labelFor(NOTICE, kind)}`,
    key: ({ id }) => id,
    cells: (notice) => [notice.caregiver_id ? caregiverName(notice) : "The office", labelFor(NOTICE, notice.kind), messageState(notice, timeUnlessToday)],
  });
  const textTable = createPagedTable({
    name: "texts",
    title: "Replies that were not understood",
    head: ["Who", "Words", "Time", "Action"],
    key: ({ caregiver_id, at, actor }) => `${caregiver_id} ${at} ${actor}`,
    cells: textCells,
  });
  const logTable = createPagedTable({
    name: "log",
    title: "Log, newest first",
    head: ["Time", "What", "Who"],
    key: ({ at, what, who }, position) => `${at} ${what} ${who} ${position}`,
    cells: ({ at, day, what, who }) => [[day && `${day}, `, timeWithSeconds(at, zoneOf(detail.shift))], what, who ? phrase`${who}` : ""],
  });

  /** Whether the caregiver is a row of the caregivers' table, and not only of the table of exclusions. */
  const isListed = ({ messages, responses, excluded, caregiver_id }) =>
    messages.length || responses.length || !excluded || caregiver_id === detail.holder?.caregiver_id;

  function messageCell({ messages }, channel) {
    const message = messages.find((candidate) => candidate.channel === channel);
    return message ? messageState(message, timeOfDay) : h("span", { class: "none" }, "–");
  }

  /** Creates the state of a message or notice, with its tries and its error if it did not simply arrive. */
  function messageState({ status, attempts, updated_at, error }, time) {
    const undelivered = isUndelivered({ status });
    const facts = [attempts > 1 && countOf(attempts, "try", "tries"), error].filter(Boolean).join(", ");
    return [
      h("span", { class: undelivered ? "bad" : "" }, undelivered && icon("alert"), labelFor(MESSAGE_STATUS, status)),
      h("small", {}, ` ${time(updated_at, zoneOf(detail.shift))}`),
      facts && h("small", { class: "facts" }, phrase`${facts}`),
    ];
  }

  const isAbout = (reason, caregiverId) => detail.attention.some((entry) => entry.reason === reason && entry.caregiver_id === caregiverId);

  function caregiverCells(caregiver) {
    const zone = zoneOf(detail.shift);
    const answers = caregiver.responses.map(({ outcome, channel, at }) =>
      h("span", { class: "said", "data-outcome": outcome }, labelFor(OUTCOME, outcome), h("small", {}, ` ${BY_CHANNEL[channel]}, ${timeOfDay(at, zone)}`)),
    );
    return [
      nameAndPhone(caregiver),
      messageCell(caregiver, "sms"),
      messageCell(caregiver, "voice"),
      answers.length ? answers : h("span", { class: "none" }, "–"),
      [recordButton(caregiver), caregiver.phone ? writeButton(caregiver, "Text") : ""],
    ];
  }

  function excludedCells(caregiver) {
    // A yes of a caregiver excluded for these reasons still counts, so the coordinator must be able to record it.
    const canAccept = ["declined", "released"].includes(caregiver.excluded) && !isListed(caregiver);
    return [nameAndPhone(caregiver), labelFor(EXCLUSION_REASON, caregiver.excluded), canAccept ? recordButton(caregiver) : ""];
  }

  function recordButton(caregiver) {
    if (!caregiver.phone || !mayChange(detail)) return "";
    const hiddenName = h("span", { class: "visually-hidden" }, phrase` of ${caregiverName(caregiver)}`);
    return h("button", { type: "button", class: "quiet", "data-key": `record ${caregiver.caregiver_id}`, onclick: () => record(caregiver) }, "Record answer", hiddenName);
  }

  function textCells(text) {
    const isReply = text.actor === "caregiver";
    const who = isReply ? caregiverName(text) : phrase`The office${[byActor(text)]}, to ${caregiverName(text)}`;
    return [who, phrase`${text.body}`, timeUnlessToday(text.at, zoneOf(detail.shift)), isReply ? writeButton(text, "Answer") : ""];
  }

  function writeButton(caregiver, label) {
    if (!mayChange(detail)) return "";
    const hiddenName = h("span", { class: "visually-hidden" }, phrase` ${caregiverName(caregiver)}`);
    const key = `${label} ${caregiver.caregiver_id} ${caregiver.at ?? ""}`;
    return h("button", { type: "button", class: "quiet", "data-key": key, onclick: () => write(caregiver) }, label, hiddenName);
  }

  async function write(caregiver) {
    const sent = await writeText(detail, caregiver, describeShift(detail));
    if (!sent) return;
    done(phrase`Text to ${caregiverName(caregiver)} queued.`);
  }

  async function record(caregiver) {
    const answer = await recordAnswer(detail, caregiver, describeShift(detail));
    if (!answer) return;
    done(phrase`${caregiverName(caregiver)}, by phone: ${labelFor(OUTCOME, answer.outcome)}.`);
  }

  const all = [textTable, caregiverTable, excludedTable, noticeTable, logTable];
  return {
    elements: all.map((table) => table.element),
    /** Shows the shift and the facts of its log, oldest first. */
    show(shown, facts) {
      detail = shown;
      // A newer page may meet an older service, which sends no texts.
      textTable.show([...(detail.texts ?? [])].reverse());
      caregiverTable.show(byLatestAnswer(detail.caregivers.filter(isListed)));
      excludedTable.show(detail.caregivers.filter(({ excluded }) => excluded));
      noticeTable.show([...detail.notices].reverse());
      logTable.show(logEntries(facts, detail.shift));
    },
    /** Takes all rows out of the tables. */
    reset() {
      detail = null;
      for (const table of all) table.reset();
    },
    /** Hides the table of caregivers, which is shown without rows too. */
    hide() {
      caregiverTable.element.hidden = true;
    },
  };
}

const searchText = ({ name, caregiver_id, phone }) => `${name ?? ""} ${caregiver_id ?? "the office"} ${phone ?? ""}`;

const isUndelivered = ({ status }) => ["failed", "unknown"].includes(status);

function nameAndPhone(caregiver) {
  const lines = [h("strong", {}, caregiverName(caregiver))];
  if (caregiver.phone) lines.push(h("a", { class: "phone", href: `tel:${caregiver.phone}` }, caregiver.phone));
  return h("span", { class: "who" }, lines);
}

const latestResponse = (caregiver) => answersOf(caregiver).reduce((latest, response) => (!latest || response.at >= latest.at ? response : latest), null);

/** Sorts caregivers who answered before those who did not, latest answer first, then by name. Sorts in place. */
function byLatestAnswer(caregivers) {
  const answeredAt = (caregiver) => latestResponse(caregiver)?.at ?? "";
  return caregivers.sort((one, other) => answeredAt(other).localeCompare(answeredAt(one)) || nameOf(one).localeCompare(nameOf(other)));
}
