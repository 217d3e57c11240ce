// The list of shifts by start time: a heading per day, a line per shift, filters.

import { countdown } from "./clock.js";
import { h, icon, place, say } from "./dom.js";
import * as words from "./words.js";

const FILTERS = [
  ["all", "All", () => true],
  ["person", "Needs a person", words.needsPerson],
  ["asking", "Being asked", (row) => ["texting", "calling"].includes(words.stateOf(row))],
  ["open", "Not started", (row) => ["open", "cancelled"].includes(words.stateOf(row))],
  ["filled", "Filled", (row) => row.holder !== null],
];

/** The badge of a row's state: a drawing, words and, last, a colour. */
export function badge(row) {
  const state = words.stateOf(row);
  const { label, icon: drawing } = words.STATES[state];
  return h("span", { class: "badge", "data-state": state }, icon(drawing), label);
}

/** What is going on right now, in a line or two. */
export function situation(row) {
  const { holder, fanout, shift, sums } = row;
  const zone = words.zoneOf(shift);
  const lines = [];
  if (holder) {
    lines.push(h("span", { class: "who" }, words.nameOf(holder)));
    lines.push(h("span", { class: "how" }, `${words.VIA[holder.via]}, ${words.moment(holder.at, zone)}`));
  } else if (words.claimable(row)) {
    if (fanout.round === "sms") lines.push(untilCalls(fanout));
    else if (fanout.status === "open") lines.push(h("span", {}, `Calling since ${words.moment(fanout.escalates_at, zone)}`));
    else lines.push(h("span", {}, "All were texted and called"));
    if (sums.unclear) lines.push(h("span", { class: "unclear" }, icon("alert"), `${words.count(sums.unclear, "reply", "replies")} not understood`));
  }
  return lines;
}

/** The time to the calls. With nobody left, only those are called who have joined the roster by then. */
function untilCalls({ status, escalates_at: until }) {
  const element = h("span", { class: "countdown", "data-until": until, "data-what": status === "open" ? "Calls in" : "Newcomers called in" });
  moveOn(element);
  return element;
}

/** Let a countdown say how long it still is. */
export function moveOn(element) {
  const left = countdown(element.dataset.until);
  say(element, left === null ? "Calls are starting" : `${element.dataset.what} ${left}`);
}

/** The four numbers of a fanout, as terms and values. */
export function sums({ fanout, sums: all }) {
  const pair = (value, term, title) => h("div", { title }, h("dt", {}, term), h("dd", {}, value));
  const { sent, delivered } = fanout.counts;
  return [
    pair(words.number(all.asked), "asked", "Caregivers who were offered the shift"),
    delivered
      ? pair(words.number(delivered), "delivered", `Messages that arrived, of ${words.number(sent + delivered)} sent`)
      : pair(words.number(sent), "sent", "Messages handed over; deliveries are not reported yet"),
    pair(words.number(all.answered), "answered", "Caregivers who answered anything"),
    pair(words.number(all.declined), "declined", "Caregivers whose last word is no"),
  ];
}

/** A line of the list, and how to bring it up to date. */
function line(id) {
  const state = h("div", { class: "state" });
  const link = h("a", { href: `#shift=${encodeURIComponent(id)}` });
  const when = h("p", { class: "when" });
  const now = h("div", { class: "now" });
  const numbers = h("dl", { class: "sums" });
  const element = h("li", { class: "shift" }, state, h("div", { class: "what" }, h("h3", {}, link), when), now, numbers, icon("next"));
  let shown = "";
  element.addEventListener("animationend", () => element.classList.remove("flash"));
  return {
    element,
    update(row, opened) {
      element.classList.toggle("opened", opened);
      if (opened) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      const content = JSON.stringify(row);
      if (content === shown) return;
      shown = content;
      say(link, words.title(row.shift));
      say(when, words.hours(row.shift));
      place(state, [badge(row)]);
      place(now, situation(row));
      place(numbers, row.fanout ? sums(row) : []);
      element.dataset.state = words.stateOf(row);
      element.classList.toggle("person", words.needsPerson(row));
    },
    flash() {
      element.classList.remove("flash");
      requestAnimationFrame(() => element.classList.add("flash"));
    },
  };
}

/** The list in `parts` (the elements of the page by id). `show` draws the rows; `tick` moves the countdowns. */
export function createList(parts) {
  const lines = new Map();
  const days = new Map();
  let rows = [];
  let more = false;
  let opened = null;
  let chosen = "all";

  const buttons = FILTERS.map(([name, label, fits]) => {
    const size = h("span", { class: "size" });
    const button = h("button", { type: "button", "aria-pressed": String(name === chosen), onclick: () => choose(name) }, label, " ", size);
    return { name, fits, size, button };
  });
  place(parts.filters, buttons.map((one) => one.button));
  parts.find.addEventListener("input", draw);

  function choose(name) {
    chosen = name;
    for (const one of buttons) one.button.setAttribute("aria-pressed", String(one.name === name));
    draw();
  }

  function draw() {
    for (const { fits, size } of buttons) say(size, words.number(rows.filter(fits).length));
    const { fits } = buttons.find((one) => one.name === chosen);
    const wanted = parts.find.value.trim().toLowerCase();
    const found = rows.filter((row) => fits(row) && (!wanted || searchable(row).includes(wanted)));
    const sections = [];
    let last = null;
    for (const row of found) {
      const name = words.day(row.shift.start_time, words.zoneOf(row.shift));
      if (last?.name !== name) sections.push((last = { name, items: [] }));
      if (!lines.has(row.shift.id)) lines.set(row.shift.id, line(row.shift.id));
      const one = lines.get(row.shift.id);
      one.update(row, row.shift.id === opened);
      last.items.push(one.element);
    }
    const focused = document.activeElement;
    const times = {};
    // Where zones differ the same day may come twice.
    place(parts.shifts, sections.map(({ name, items }) => daySection(`${name} ${(times[name] = (times[name] ?? 0) + 1)}`, name, items)));
    if (focused !== document.activeElement && focused.isConnected) focused.focus();
    const known = new Set(rows.map((row) => row.shift.id));
    for (const id of lines.keys()) if (!known.has(id)) lines.delete(id);
    for (const [key, section] of days) if (!section.isConnected) days.delete(key);
    say(parts.note, note(found.length));
  }

  function daySection(key, name, items) {
    if (!days.has(key)) days.set(key, h("section", { class: "day" }, h("h2", {}, name), h("ol", {})));
    const section = days.get(key);
    place(section.lastChild, items);
    return section;
  }

  function note(found) {
    if (!rows.length) return "There are no shifts to show. The board lists them until a day after their start.";
    const shown = found === rows.length ? "" : `${words.number(found)} of ${words.count(rows.length, "shift")} shown. `;
    return shown + (more ? `These are the first ${words.number(rows.length)} shifts by start time; there are later ones.` : "");
  }

  return {
    /** Draw these rows, in this order; `later`: there are more shifts than that. */
    show(all, later) {
      [rows, more] = [all, later];
      draw();
    },
    /** Mark the shift that is opened, null: none. */
    mark(id) {
      opened = id;
      draw();
    },
    /** Draw the eye to a shift that was just filled. */
    flash: (id) => lines.get(id)?.flash(),
    /** Put the focus on a shift of the list. */
    focus: (id) => (lines.get(id)?.element.querySelector("a") ?? parts.shifts).focus(),
  };
}

const searchable = ({ shift, holder }) =>
  [shift.role_required, shift.location, shift.id, shift.organization_id, holder?.name].join(" ").toLowerCase();
