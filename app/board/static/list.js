// The list of shifts by start time: a heading per day, a line per shift.

import { shiftLink } from "./address.js";
import { attentionLines, byUrgency, needsPerson } from "./attention.js";
import { countdown } from "./clock.js";
import { h, icon, setChildren, setContent, setText } from "./dom.js";
import { countOf, formatNumber, longDate, shiftHours, timeOfDay, timeUnlessToday, zoneOf } from "./format.js";
import { BY_CHANNEL, hasEnded, isClaimable, STATES, stateOf } from "./labels.js";
import { caregiverName, shiftTitle } from "./phrases.js";
import { lastMessageAt } from "./sending-queue.js";

/** Creates the badge of a row's state. The colour only repeats what the text says. */
export function stateBadge(row) {
  const state = stateOf(row);
  const { label, icon: iconName } = STATES[state];
  return h("span", { class: "badge", "data-state": state }, icon(iconName), label);
}

/** Creates the lines that say who holds the shift, or how far the fanout is. */
export function progressLines({ holder, fanout, shift, held = [] }) {
  const zone = zoneOf(shift);
  const lines = [];
  if (holder) {
    lines.push(h("span", { class: "who" }, caregiverName(holder)));
    lines.push(h("span", { class: "how" }, `${BY_CHANNEL[holder.via]}, ${timeUnlessToday(holder.at, zone)}`));
  } else if (isClaimable({ holder, fanout })) {
    lines.push(...held.map((entry) => h("span", { class: "held" }, heldText(entry, zone))));
    if (allIsHeld({ fanout, held })) return lines;
    if (fanout.round === "sms") lines.push(callCountdown(fanout));
    else if (fanout.status === "open") lines.push(h("span", {}, `Calling since ${timeUnlessToday(fanout.escalates_at, zone)}`));
    else lines.push(h("span", {}, "All were texted and called"));
    const lastAt = fanout.counts.queued ? lastMessageAt(fanout.round) : null;
    if (lastAt !== null) lines.push(h("span", {}, `${fanout.round === "sms" ? "Last text" : "Last call"} at about ${timeOfDay(lastAt, zone)}`));
  }
  return lines;
}

const HOLDS = { quiet_hours: "quiet hours", offers_per_day: "number of offers in a day" };

/** Returns for example “Texts to 3 caregivers wait until 7:00 AM EST (quiet hours)”. */
function heldText({ channel, until, reason, caregivers }, zone) {
  const messages = channel === "sms" ? ["Text", "Texts"] : ["Call", "Calls"];
  const [what, verb] = caregivers === 1 ? [messages[0], "waits"] : [messages[1], "wait"];
  return `${what} to ${countOf(caregivers, "caregiver")} ${verb} until ${timeUnlessToday(until, zone)} (${HOLDS[reason]})`;
}

/** Whether nothing of the round goes out before what is held does, so that it would be wrong to say when calls begin. */
function allIsHeld({ fanout, held }) {
  const ofRound = held.some(({ channel }) => channel === fanout.round);
  const { sent, delivered, queued } = fanout.counts;
  return ofRound && (fanout.round === "voice" || (!sent && !delivered && queued > 0));
}

/** Creates the countdown to the calls. Once everyone has declined, only caregivers added since will be called. */
function callCountdown({ status, escalates_at: until }) {
  const element = h("span", { class: "countdown", "data-until": until, "data-what": status === "open" ? "Calls in" : "New caregivers are called in" });
  updateCountdown(element);
  return element;
}

/** Updates the text of a countdown. */
export function updateCountdown(element) {
  const left = countdown(element.dataset.until);
  setText(element, left === null ? "Calls are starting" : `${element.dataset.what} ${left}`);
}

/** Creates the four numbers of a fanout, as terms and values of a `dl`. */
export function fanoutNumbers({ fanout, sums }) {
  const pair = (value, term, title) => h("div", { title }, h("dt", {}, term), h("dd", {}, value));
  const { sent, delivered } = fanout.counts;
  return [
    pair(formatNumber(sums.asked), "asked", "Caregivers who were offered the shift"),
    delivered
      ? pair(formatNumber(delivered), "delivered", `Messages that arrived, of ${formatNumber(sent + delivered)} sent`)
      : pair(formatNumber(sent), "sent", "Messages handed over; deliveries are not reported yet"),
    pair(formatNumber(sums.answered), "answered", "Caregivers who answered anything"),
    pair(formatNumber(sums.declined), "declined", "Caregivers whose last word is no"),
  ];
}

/** Creates the line of a shift: its `element`, and `update` and `flash` for it. */
function createLine(id) {
  const state = h("div", { class: "state" });
  const link = h("a");
  const hours = h("p", { class: "when" });
  const progress = h("div", { class: "now" });
  const counts = h("dl", { class: "sums" });
  const element = h("li", { class: "shift" }, state, h("div", { class: "what" }, h("h3", {}, link), hours), progress, counts, icon("next"));
  let drawnContent = "";
  element.addEventListener("animationend", () => element.classList.remove("flash"));
  return {
    element,
    update(row, isOpened) {
      element.classList.toggle("opened", isOpened);
      const address = shiftLink(id);
      if (link.getAttribute("href") !== address) link.setAttribute("href", address);
      if (isOpened) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      // The state is part of it, because a shift ends without a change of its row.
      const content = stateOf(row) + JSON.stringify(row);
      if (content === drawnContent) return;
      drawnContent = content;
      setContent(link, shiftTitle(row.shift));
      setText(hours, shiftHours(row.shift));
      setChildren(state, [stateBadge(row)]);
      setChildren(progress, [...progressLines(row), ...attentionLines(row)]);
      setChildren(counts, row.fanout ? fanoutNumbers(row) : []);
      element.dataset.state = stateOf(row);
      element.classList.toggle("person", needsPerson(row));
    },
    flash() {
      element.classList.remove("flash");
      requestAnimationFrame(() => element.classList.add("flash"));
    },
  };
}

/** Builds the list in `elements`, the elements of the page by id. `filters` says which rows it shows. */
export function createList(elements, filters) {
  const lines = new Map();
  const daySections = new Map();
  let content = { rows: [], hasLater: false, foundMore: false, problem: "" };
  let openedId = null;
  const endedSummary = h("summary");
  const endedDays = h("div");
  const endedSection = h("details", { class: "ended" }, endedSummary, endedDays);

  function draw() {
    const matching = content.rows.filter(filters.matchesFields).sort(byStart);
    filters.count(matching);
    const found = matching.filter(filters.matchesState);
    const focused = document.activeElement;
    setChildren(elements.shifts, sections(found));
    if (focused !== document.activeElement && focused.isConnected) focused.focus();
    const knownIds = new Set(content.rows.map((row) => row.shift.id));
    for (const id of lines.keys()) if (!knownIds.has(id)) lines.delete(id);
    for (const [key, section] of daySections) if (!section.isConnected) daySections.delete(key);
    setText(elements.note, note(found.length));
  }

  /** Returns the days with their lines. Shifts that have ended are folded up, unless somebody looks for something. */
  function sections(found) {
    if (filters.isUrgent()) return groupByDay(byUrgency(found)).map(daySection);
    if (filters.query()) return groupByDay(found).map(daySection);
    const ended = found.filter(({ shift }) => hasEnded(shift));
    setText(endedSummary, `Ended in the last day: ${countOf(ended.length, "shift")}`);
    setChildren(endedDays, groupByDay(ended, "ended").map(daySection));
    return [...(ended.length ? [endedSection] : []), ...groupByDay(found.filter(({ shift }) => !hasEnded(shift))).map(daySection)];
  }

  /**
   * Groups the rows into days { key, name, items }, in order, and updates the line of each row. `part` keeps the days of
   * two groups apart.
   */
  function groupByDay(found, part = "") {
    const days = [];
    const sectionsOfDay = {};
    for (const row of found) {
      const { id } = row.shift;
      const name = longDate(row.shift.start_time, zoneOf(row.shift));
      if (days.at(-1)?.name !== name) {
        // The same date can come twice, because shifts of different zones are sorted by their time in UTC.
        sectionsOfDay[name] = (sectionsOfDay[name] ?? 0) + 1;
        days.push({ key: `${part} ${name} ${sectionsOfDay[name]}`, name, items: [] });
      }
      if (!lines.has(id)) lines.set(id, createLine(id));
      const line = lines.get(id);
      line.update(row, id === openedId);
      days.at(-1).items.push(line.element);
    }
    return days;
  }

  function daySection({ key, name, items }) {
    if (!daySections.has(key)) daySections.set(key, h("section", { class: "day" }, h("h2", {}, name), h("ol", {})));
    const section = daySections.get(key);
    setChildren(section.lastChild, items);
    return section;
  }

  function note(foundCount) {
    const { rows, hasLater, foundMore, problem } = content;
    if (problem) return `The other shifts could not be searched. ${problem}`;
    const older = "Shifts that started more than a day ago are found only by a “From” date.";
    if (!rows.length) return `There are no shifts to show. ${older}`;
    if (!foundCount) return `No shift matches. ${older}`;
    const shown = foundCount === rows.length ? "" : `${countOf(foundCount, "shift")} shown. `;
    if (foundMore) return `${shown}More shifts match than the board can show: set further filters.`;
    return shown + (hasLater && !filters.query() ? `These are the first ${formatNumber(rows.length)} shifts by start time. A search or a filter finds the later ones.` : "");
  }

  return {
    /**
     * Draws those of `rows` that match. `hasLater`: whether the service has shifts that it does not send unasked;
     * `foundMore`: whether more match than the search has found; `problem`: why the search failed, or "".
     */
    show(newContent) {
      content = newContent;
      draw();
    },
    draw,
    /** Marks the opened shift; null: none. */
    mark(id) {
      openedId = id;
      draw();
    },
    /** Highlights a shift for a moment. */
    flash: (id) => lines.get(id)?.flash(),
    /** Moves the focus to a shift, or to the list if the shift is not to be seen there. */
    focus(id) {
      const link = lines.get(id)?.element.querySelector("a");
      (link?.checkVisibility() ? link : elements.shifts).focus();
    },
  };
}

const byStart = ({ shift: one }, { shift: other }) =>
  Date.parse(one.start_time) - Date.parse(other.start_time) || (one.id < other.id ? -1 : 1);
