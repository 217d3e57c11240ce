// The panel of the opened shift: loads it, and places its actions, why a person must look at it, and its tables.

import { actionsFor } from "./actions.js";
import { request, shiftPath } from "./api.js";
import { attentionBox } from "./attention.js";
import { Refused } from "./dialog.js";
import { h, icon, setChildren, setContent, setText } from "./dom.js";
import { longDate, shiftHours, zoneOf } from "./format.js";
import { organizationName, otherMessageCounts } from "./labels.js";
import { fanoutNumbers, progressLines, stateBadge } from "./list.js";
import { phrase, shiftTitle } from "./phrases.js";
import { createShiftTables } from "./shift-tables.js";

/** How long after a change the detail is loaded again. Longer with many caregivers, because each load is large. */
const RELOAD_MS = 300;
const LARGE_RELOAD_MS = 4000;
const LARGE_CAREGIVER_COUNT = 500;
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
  const tables = createShiftTables((text) => {
    announce(text);
    load();
  });

  setChildren(element, [
    h("p", { class: "crumbs" }, h("button", { type: "button", class: "quiet", onclick: close }, icon("cross"), "Close")),
    h("header", {}, state, heading, hours, ids, progress, counts, otherCounts, actions, loadError),
    attention, ...tables.elements,
  ]);

  /** Returns the button of an action. The detail is loaded again once the action was carried out. */
  function actionButton({ label, kind, run }) {
    const onclick = async () => {
      const done = await run(detail);
      if (done) load();
    };
    return h("button", { type: "button", class: kind, "data-key": label, onclick }, label);
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
    setChildren(attention, attentionBox(detail));
    attention.hidden = detail.attention.length === 0;
    tables.show(detail, facts);
    if (focusedKey && document.activeElement?.dataset?.key !== focusedKey) {
      const sameControl = [...element.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === focusedKey);
      (sameControl ?? heading).focus();
    }
  }

  /** Takes everything about the shift out of the panel, its buttons too, and shows the heading `title`. */
  function clear(title) {
    detail = null;
    facts = [];
    const hadFocus = element.contains(document.activeElement);
    for (const part of [hours, ids, otherCounts]) setText(part, "");
    for (const part of [state, progress, counts, actions, attention]) setChildren(part, []);
    attention.hidden = true;
    tables.reset();
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
      tables.hide();
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
