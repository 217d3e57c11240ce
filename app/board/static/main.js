// The board: joins the stream, the list and the opened shift, and tells what has happened.

import { sync } from "./clock.js";
import { createDetail } from "./detail.js";
import { say } from "./dom.js";
import { createList, moveOn } from "./list.js";
import { follow } from "./stream.js";
import * as words from "./words.js";

const parts = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
const rows = new Map();
const warnings = new Map();
const list = createList(parts);
const detail = createDetail(parts.detail, announce, () => {
  location.hash = "";
});
const UNLISTED_MS = 4000;
/** A live region that is empty for a moment is read out even if it then says the same. */
const UNHEARD_MS = 100;
let staleSince = null;
let version = null;
let loaded = false;
let opened = null;

const unsaid = [];

/** Say it, for eyes and for screen readers; what is said twice is heard twice. Only a `fill` looks like one. */
function announce(text, kind = "note") {
  unsaid.push({ text, kind });
  say(parts.ticker, "");
  if (unsaid.length > 1) return;
  setTimeout(() => {
    const all = unsaid.splice(0);
    parts.ticker.dataset.kind = ["person", "note", "fill"].find((one) => all.some(({ kind }) => kind === one));
    say(parts.ticker, all.map((one) => one.text).join(" "));
  }, UNHEARD_MS);
}

/** A fault of this page must not look like one of the connection, nor keep later events from being shown. */
function hear(name, data) {
  try {
    heard(name, data);
  } catch (error) {
    console.error("An event could not be shown:", error);
    warn("fault", "Something could not be shown. Reload the page; what you see may be out of date.");
  }
}

/** Say something above the board for as long as it is so; `text` empty: no longer. */
function warn(about, text) {
  warnings.set(about, text);
  say(parts.banner, [...warnings.values()].filter(Boolean).join(" "));
  parts.banner.hidden = !parts.banner.textContent;
}

function heard(name, data) {
  sync(data.now);
  staleSince = data.stale_since;
  if (name === "time") return;
  words.setDefaultZone(data.time_zone);
  version ??= data.version;
  warn("version", data.version === version ? "" : "The board has a new version: reload the page to use it.");
  const gone = name === "snapshot" ? new Set(rows.keys()) : new Set(data.gone);
  const news = [];
  // Of what was written while the connection was lost nothing is known.
  const changed = new Set(name === "snapshot" ? [opened] : data.touched);
  for (const row of data.rows) {
    const { id } = row.shift;
    gone.delete(id);
    const before = rows.get(id);
    if (before && JSON.stringify(before) === JSON.stringify(row)) continue;
    if (loaded) news.push(...newsOf(before, row));
    rows.set(id, row);
    changed.add(id);
  }
  for (const id of gone) {
    rows.delete(id);
    changed.add(id);
  }
  loaded = true;
  list.show([...rows.values()].sort(byStart), data.more);
  const waiting = [...rows.values()].filter(words.needsPerson).length;
  document.title = waiting ? `(${waiting}) Shift board` : "Shift board";
  tick();
  detail.changed(changed);
  if (news.length) {
    for (const { text, kind, id } of news) {
      announce(text, kind);
      list.flash(id);
    }
  }
}

const byStart = ({ shift: one }, { shift: other }) =>
  Date.parse(one.start_time) - Date.parse(other.start_time) || (one.id < other.id ? -1 : 1);

/** What somebody should hear of although they look elsewhere. */
function newsOf(before, row) {
  const { shift, holder } = row;
  const tell = (kind, text) => [{ id: shift.id, kind, text }];
  const state = words.stateOf(row);
  if (holder && before?.holder?.caregiver_id !== holder.caregiver_id) {
    return tell("fill", `Filled: ${words.inFull(shift)}. ${words.nameOf(holder)}, ${words.VIA[holder.via]}.`);
  }
  if (state === "release" && words.stateOf(before) !== "release") {
    return tell("person", `${words.nameOf(holder)} asks to be released: ${words.inFull(shift)}.`);
  }
  if (state === "exhausted" && (!before || words.stateOf(before) !== "exhausted")) {
    return tell("person", `Nobody is left to say yes: ${words.inFull(shift)}.`);
  }
  if (!holder && before?.holder) {
    return tell("note", `Open again: ${words.inFull(shift)}. ${words.nameOf(before.holder)} no longer has it.`);
  }
  return [];
}

/** Say how far the board can be trusted. Called after every event. */
function connected(yes) {
  parts.connection.dataset.state = !yes ? "lost" : staleSince ? "stale" : "live";
  const known = yes && staleSince ? `The service can't read its records, not up to date since ${words.officeTime(staleSince)}` : "Live";
  say(parts["connection-words"], yes ? known : "Connection lost, trying again");
}

/** The address says which shift is opened, so that going back and passing a link on both work. */
function followAddress() {
  const id = new URLSearchParams(location.hash.slice(1)).get("shift");
  if (id === opened) return;
  const before = opened;
  opened = id;
  document.body.classList.toggle("one-opened", id !== null);
  list.mark(id);
  detail.open(id);
  if (id === null) list.focus(before);
}

function tick() {
  document.querySelectorAll("[data-until]").forEach(moveOn);
  if (loaded) say(parts.time, words.rightNow());
}

addEventListener("hashchange", followAddress);
addEventListener("keydown", (event) => {
  // In a field Escape is about what was typed.
  if (event.key !== "Escape" || opened === null || event.target.matches("input") || document.querySelector("dialog[open]")) return;
  location.hash = "";
});
// The address says which shift is opened, and stays. Where that hides the list, it is what there is to skip to.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  (parts.list.checkVisibility() ? parts.shifts : parts.detail).focus();
});
setInterval(tick, 500);
// Of a shift that is not listed no event tells.
setInterval(() => {
  if (loaded && !rows.has(opened)) detail.changed(new Set([opened]));
}, UNLISTED_MS);
followAddress();
follow(hear, connected);
