// The panel of the opened shift: its actions, the caregivers with their messages and answers, the exclusions, the log.

import { actionsFor, describeShift, mayChange } from "./actions.js";
import { request, shiftPath } from "./api.js";
import { attentionAdvice, attentionText } from "./attention.js";
import { recordAnswer, writeText } from "./caregiver-dialogs.js";
import { Refused } from "./dialog.js";
import { h, icon, setChildren, setContent, setText } from "./dom.js";
import { countOf, formatNumber, longDate, shiftHours, timeOfDay, timeUnlessToday, timeWithSeconds, zoneOf } from "./format.js";
import { answersOf, BY_CHANNEL, byActor, EXCLUSION_REASON, labelFor, MESSAGE_STATUS, nameOf, NOTICE, OUTCOME, organizationName, otherMessageCounts } from "./labels.js";
import { fanoutNumbers, progressLines, stateBadge } from "./list.js";
import { createPagedTable } from "./paged-table.js";
import { caregiverName, phrase, shiftTitle } from "./phrases.js";
import { logEntries } from "./shift-log.js";

/** How long after a change the detail is loaded again. Longer with many caregivers, because each load is large. */
const RELOAD_MS = 300;
const LARGE_RELOAD_MS = 4000;
const LARGE_CAREGIVER_COUNT = 500;
/** At most this many reasons why a person must look are listed above the tables. */
const MAX_REASONS = 10;
/** How many facts of the log one request asks for. */
const FACTS_PER_REQUEST = 1000;

/** Builds the panel in `element`. Calls `announce(text)` after an answer was recorded, `close()` on the Close button. */
export function createDetail(element, announce, close) {
  let openedId = null;
  let detail = null;
  /** The log of the opened shift so far, oldest first. It only grows, so a load asks for what came after the last one. */
  let facts = [];
  let reloadTimer = null;
  let isLoading = false;
  let isStale = false;

  const heading = h("h2", { tabindex: "-1" });
  const state = h("div", { class: "state" });
  const hours = h("p", { class: "when" });
  const ids = h("p", { class: "names" });
  const progress = h("div", { class: "now" });
  const counts = h("dl", { class: "sums" });
  const otherCounts = h("p", { class: "note" });
  const actions = h("p", { class: "actions" });
  const loadError = h("p", { class: "refusal", role: "alert" });
  const attention = h("section", { class: "person" });
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

  setChildren(element, [
    h("p", { class: "crumbs" }, h("button", { type: "button", class: "quiet", onclick: close }, icon("cross"), "Close")),
    h("header", {}, state, heading, hours, ids, progress, counts, otherCounts, actions, loadError),
    attention, textTable.element, caregiverTable.element, excludedTable.element, noticeTable.element, logTable.element,
  ]);

  /** Returns the button of an action. The detail is loaded again once the action was carried out. */
  function actionButton({ label, kind, run }) {
    const onclick = async () => {
      const done = await run(detail);
      if (done) load();
    };
    return h("button", { type: "button", class: kind, "data-key": label, onclick }, label);
  }

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
    announce(phrase`Text to ${caregiverName(caregiver)} queued.`);
    load();
  }

  async function record(caregiver) {
    const answer = await recordAnswer(detail, caregiver, describeShift(detail));
    if (!answer) return;
    announce(phrase`${caregiverName(caregiver)}, by phone: ${labelFor(OUTCOME, answer.outcome)}.`);
    load();
  }

  function draw() {
    const { shift, fanout } = detail;
    const zone = zoneOf(shift);
    setContent(heading, shiftTitle(shift));
    setChildren(state, [stateBadge(detail)]);
    setText(hours, `${longDate(shift.start_time, zone)}, ${shiftHours(shift)} (${zone})`);
    setContent(ids, phrase`${organizationName(detail)} · ${shift.id}`);
    setChildren(progress, progressLines(detail));
    setChildren(counts, fanout ? fanoutNumbers(detail) : []);
    setText(otherCounts, fanout ? otherMessageCounts(fanout.counts) : "");
    const focusedKey = document.activeElement?.dataset?.key;
    const available = actionsFor(detail);
    const drawnLabels = [...actions.children].map((button) => button.dataset.key);
    if (available.map(({ label }) => label).join() !== drawnLabels.join()) setChildren(actions, available.map(actionButton));
    drawAttention();
    // A newer page may meet an older service, which sends no texts.
    textTable.show([...(detail.texts ?? [])].reverse());
    caregiverTable.show(byLatestAnswer(detail.caregivers.filter(isListed)));
    excludedTable.show(detail.caregivers.filter(({ excluded }) => excluded));
    noticeTable.show([...detail.notices].reverse());
    logTable.show(logEntries(facts, detail.shift));
    if (focusedKey && document.activeElement?.dataset?.key !== focusedKey) {
      const sameControl = [...element.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === focusedKey);
      (sameControl ?? heading).focus();
    }
  }

  /** Draws the box that says why a person must look at the shift. */
  function drawAttention() {
    const phones = new Map(detail.caregivers.map(({ caregiver_id, phone }) => [caregiver_id, phone]));
    const items = detail.attention.slice(0, MAX_REASONS).map((entry) => {
      const phone = phones.get(entry.caregiver_id);
      const link = phone && h("a", { class: "phone", "data-key": `call ${entry.caregiver_id}`, href: `tel:${phone}` }, phone);
      const since = ` (since ${timeUnlessToday(entry.since, zoneOf(detail.shift))})`;
      return h("li", {}, h("strong", {}, attentionText(entry, detail)), since, ". ", attentionAdvice(entry), " ", link);
    });
    const hidden = detail.attention.length - items.length;
    if (hidden) items.push(h("li", {}, `and ${formatNumber(hidden)} more.`));
    setChildren(attention, items.length ? [h("h3", {}, icon("alert"), "Needs a person"), h("ul", {}, items)] : []);
    attention.hidden = !items.length;
  }

  /** Takes everything about the shift out of the panel, its buttons too, and shows the heading `title`. */
  function clear(title) {
    detail = null;
    facts = [];
    const hadFocus = element.contains(document.activeElement);
    for (const part of [hours, ids, otherCounts]) setText(part, "");
    for (const part of [state, progress, counts, actions, attention]) setChildren(part, []);
    attention.hidden = true;
    for (const table of [textTable, caregiverTable, excludedTable, noticeTable, logTable]) table.reset();
    setText(heading, title);
    // The element that had the focus may be gone.
    if (hadFocus && !element.contains(document.activeElement)) heading.focus();
  }

  /** Returns the facts about the shift that came after those that are known. */
  async function loadFacts(id) {
    const found = [];
    let after = facts.at(-1)?.id ?? "0";
    while (after !== null) {
      const page = await request("GET", shiftPath(id, `/board/log?limit=${FACTS_PER_REQUEST}&after=${after}`));
      found.push(...page.items);
      after = page.next;
    }
    return found;
  }

  /** Says why the detail could not be loaded. Of a shift that was deleted nothing else is shown. */
  function showRefusal({ status, message }) {
    if (status === 404) {
      clear("No such shift");
      caregiverTable.element.hidden = true;
      element.removeAttribute("aria-busy");
    }
    setText(loadError, status === 404 ? `${message} It may have been deleted.` : message);
  }

  /** Loads and draws the detail. A call while a load is under way makes it load once more afterwards. */
  async function load() {
    clearTimeout(reloadTimer);
    reloadTimer = null;
    if (isLoading) {
      isStale = true;
      return;
    }
    isLoading = true;
    isStale = false;
    const requestedId = openedId;
    try {
      const loaded = await request("GET", shiftPath(requestedId, "/board"));
      const newFacts = await loadFacts(requestedId);
      if (requestedId === openedId) {
        detail = loaded;
        facts = facts.concat(newFacts);
        setText(loadError, "");
        element.removeAttribute("aria-busy");
        draw();
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (requestedId === openedId) showRefusal(error);
    } finally {
      isLoading = false;
    }
    if (openedId !== null && (isStale || requestedId !== openedId)) load();
  }

  return {
    /** Opens the panel of a shift; null closes it. */
    open(id) {
      openedId = id;
      clear("Loading…");
      setText(loadError, "");
      element.hidden = id === null;
      if (id === null) return;
      element.setAttribute("aria-busy", "true");
      load().then(() => {
        if (id === openedId) heading.focus({ preventScroll: true });
      });
    },
    /** Loads the detail again soon if the opened shift is among `ids`, the shifts that were written to. */
    changed(ids) {
      if (openedId === null || !ids.has(openedId) || reloadTimer !== null) return;
      const isLarge = (detail?.caregivers.length ?? 0) > LARGE_CAREGIVER_COUNT;
      reloadTimer = setTimeout(load, isLarge ? LARGE_RELOAD_MS : RELOAD_MS);
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
