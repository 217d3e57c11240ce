// Connects the stream to the list and to the opened shift, and announces what has changed.

import { closedLink, readAddress, shiftLink } from "./address.js";
import { createAlerts } from "./alerts.js";
import { attentionAnnouncements, factAnnouncements } from "./announcements.js";
import { needsPerson } from "./attention.js";
import { sync } from "./clock.js";
import { createConnectionStatus } from "./connection.js";
import { createDetail } from "./detail.js";
import { setText } from "./dom.js";
import { createFilters } from "./filters.js";
import { currentServiceTime, setDefaultZone } from "./format.js";
import { createLatenessCheck } from "./lateness.js";
import { createList, updateCountdown } from "./list.js";
import { createSearch } from "./search.js";
import { countQueued, setRates } from "./sending-queue.js";
import { followEvents } from "./shared-stream.js";
import { createTicker } from "./ticker.js";

const UNLISTED_RELOAD_MS = 4000;

const elements = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
const rows = new Map();
const warnings = new Map();
const connection = createConnectionStatus(elements);
const isLate = createLatenessCheck();
const ticker = createTicker(elements);
const alerts = createAlerts(elements, openShift);
const search = createSearch(showList);
const filters = createFilters(elements, () => {
  updateSearch();
  list.draw();
});
const list = createList(elements, filters);
const detail = createDetail(elements.detail, ticker.announce, () => {
  location.hash = closedLink();
});
let hasLater = false;
let loadedVersion = null;
let hasRows = false;
let openedId = null;
/** The id of the last fact that has arrived. */
let lastFactId = 0;

/** Shows a warning above the board until it is called with the same topic and an empty text. */
function setWarning(topic, text) {
  warnings.set(topic, text);
  setText(elements.banner, [...warnings.values()].filter(Boolean).join(" "));
  elements.banner.hidden = !elements.banner.textContent;
}

/** Says that a channel is paused because its provider refuses everything, and why. */
function channelWarning({ channel, fault }) {
  const paused = channel === "voice" ? "Calls are paused" : "Texts are paused";
  return `${paused}. The provider refuses them: ${fault}. Nothing is lost: what waits goes out once that is put right.`;
}

/** Shows an event. An error in this page must not end the stream, or the page would say that the connection is lost. */
function handleEvent(name, data, arrivedAt) {
  try {
    showEvent(name, data, arrivedAt);
  } catch (error) {
    console.error("An event could not be shown:", error);
    connection.failed();
    setWarning("fault", "Something could not be shown. Reload the page; what you see may be out of date.");
  }
}

function showEvent(name, data, arrivedAt) {
  sync(data.now);
  connection.heard(data, arrivedAt);
  setWarning("channels", (data.channel_faults ?? []).map(channelWarning).join(" "));
  const late = isLate(name, data.now);
  // Shifts end by time alone.
  if (name === "time") {
    if (hasRows) list.draw();
    return;
  }
  setDefaultZone(data.time_zone);
  setRates(data.rates);
  loadedVersion ??= data.version;
  setWarning("version", data.version === loadedVersion ? "" : "The board has a new version: reload the page to use it.");
  // The opened shift may have changed while there was no connection, so a snapshot always reloads it.
  const changedIds = new Set(name === "snapshot" ? [openedId] : data.touched);
  const removedIds = new Set(name === "snapshot" ? rows.keys() : data.gone);
  const announcements = [];
  for (const row of data.rows) {
    const { id } = row.shift;
    removedIds.delete(id);
    const before = rows.get(id);
    if (before && JSON.stringify(before) === JSON.stringify(row)) continue;
    if (hasRows) announcements.push(...attentionAnnouncements(before, row));
    rows.set(id, row);
    changedIds.add(id);
  }
  for (const id of removedIds) {
    rows.delete(id);
    changedIds.add(id);
  }
  // A snapshot after a lost connection also has facts that this page knows.
  const newFacts = (data.facts ?? []).filter(({ id }) => Number(id) > lastFactId);
  lastFactId = Number(newFacts.at(-1)?.id ?? lastFactId);
  if (hasRows) announcements.push(...factAnnouncements(newFacts, rows));
  hasRows = true;
  hasLater = data.more;
  countQueued(rows.values());
  updateSearch();
  showList();
  const needingPerson = [...rows.values()].filter(needsPerson).length;
  document.title = needingPerson ? `(${needingPerson}) Shift board` : "Shift board";
  updateTimes();
  detail.changed(changedIds);
  if (late) ticker.announceMissed(announcements.length);
  for (const announcement of announcements) {
    list.flash(announcement.id);
    if (late) continue;
    ticker.announce(announcement.content, announcement.kind);
    alerts.alert(announcement);
  }
}

/** Searches the other shifts by the filters, if there can be any that match. */
function updateSearch() {
  search.find(hasLater || filters.hasFirstDay() ? filters.query() : "");
}

function showList() {
  // The rows of the stream are newer than what the search has found.
  const all = [...rows.values(), ...search.rows.filter(({ shift }) => !rows.has(shift.id))];
  filters.offer(all);
  list.show({ rows: all, hasLater, foundMore: search.more, problem: search.problem });
}

function openShift(id) {
  location.hash = shiftLink(id);
}

/** Shows what the address says, so that the back button works and a link can be sent to a colleague. */
function openFromAddress() {
  const id = readAddress().shift;
  if (id === openedId) return;
  const before = openedId;
  openedId = id;
  document.body.classList.toggle("one-opened", id !== null);
  list.mark(id);
  detail.open(id);
  if (id === null) list.focus(before);
}

function updateTimes() {
  document.querySelectorAll("[data-until]").forEach(updateCountdown);
  if (hasRows) setText(elements.time, currentServiceTime());
  connection.update();
}

addEventListener("hashchange", () => {
  filters.read();
  updateSearch();
  openFromAddress();
  list.draw();
});
addEventListener("keydown", (event) => {
  // In a search field Escape clears the field.
  if (event.key !== "Escape" || openedId === null || event.target.matches("input") || document.querySelector("dialog[open]")) return;
  location.hash = closedLink();
});
// Following the link would change the address and so close the opened shift. On a narrow screen that shift hides the
// list, and is what the link skips to.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  (elements.list.checkVisibility() ? elements.shifts : elements.detail).focus();
});
setInterval(updateTimes, 500);
// No event reports changes of a shift that is not listed, so an opened one is loaded again at intervals.
setInterval(() => {
  if (hasRows && !rows.has(openedId)) detail.changed(new Set([openedId]));
}, UNLISTED_RELOAD_MS);
openFromAddress();
followEvents(handleEvent, connection.setConnected);
