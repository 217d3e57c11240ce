// One shift opened up: what can be done, who was asked and what they said, who was left out, the log.

import { actionsOn, label } from "./actions.js";
import { call, shiftPath } from "./api.js";
import { Refused } from "./ask.js";
import { recordAnswer } from "./dialogs.js";
import { h, icon, place, say } from "./dom.js";
import { badge, situation, sums } from "./list.js";
import { logOf } from "./log.js";
import { paged } from "./pages.js";
import * as words from "./words.js";

/** Details are read again so soon after a change; those of thousands of caregivers less often. */
const SOON_MS = 300;
const LATER_MS = 4000;
const MANY = 500;
/** So many of those who wait to be called are named above the table. */
const AT_ONCE = 10;

/** The panel in `element`. `announce(words)` tells of what was done; `close()` is the way back to the list. */
export function createDetail(element, announce, close) {
  let id = null;
  let detail = null;
  let timer = null;
  let reading = false;
  let stale = false;

  const heading = h("h2", { tabindex: "-1" });
  const state = h("div", { class: "state" });
  const facts = h("p", { class: "when" });
  const names = h("p", { class: "names" });
  const now = h("div", { class: "now" });
  const numbers = h("dl", { class: "sums" });
  const sent = h("p", { class: "note" });
  const actions = h("p", { class: "actions" });
  const trouble = h("p", { class: "refusal", role: "alert" });
  const person = h("section", { class: "person" });
  const caregivers = paged({
    name: "caregivers",
    title: "Caregivers",
    head: ["Caregiver", "Text", "Call", "Answer", "Action"],
    empty: "Nobody has been asked yet.",
    find: "Find a caregiver",
    filters: [
      ["all", "All", () => true],
      ["answered", "Answered", (one) => one.responses.length > 0],
      ["waiting", "No answer", (one) => one.responses.length === 0],
      ["unclear", "Not understood", unclear],
      ["trouble", "Not reached", (one) => one.messages.some((message) => ["failed", "unknown"].includes(message.status))],
    ],
    text: (one) => `${one.name ?? ""} ${one.caregiver_id} ${one.phone ?? ""}`,
    key: (one) => one.caregiver_id,
    cells: caregiverCells,
  });
  const excluded = paged({
    name: "excluded",
    title: "Left out, and why",
    head: ["Caregiver", "Reason", "Action"],
    find: "Find somebody who was left out",
    text: (one) => `${one.name ?? ""} ${one.caregiver_id} ${words.words(words.REASON, one.excluded)}`,
    key: (one) => one.caregiver_id,
    // A yes of these still counts, so it may have to be written down.
    cells: (one) => [who(one), words.words(words.REASON, one.excluded), ["declined", "released"].includes(one.excluded) && !concerned(one) ? recording(one) : ""],
  });
  const log = paged({
    name: "log",
    title: "Log, newest first",
    head: ["Time", "What", "Who"],
    key: (one, place_) => `${one.at} ${one.what} ${one.who} ${place_}`,
    cells: (one) => [[one.day && `${one.day}, `, words.second(one.at, words.zoneOf(detail.shift))], one.what, one.who ?? ""],
  });

  place(element, [
    h("p", { class: "crumbs" }, h("button", { type: "button", class: "quiet", onclick: close }, icon("cross"), "Close")),
    h("header", {}, state, heading, facts, names, now, numbers, sent, actions, trouble),
    person, caregivers.element, excluded.element, log.element,
  ]);

  /** The button of an action, which is about the shift as it is when pressed; it is shown anew afterwards. */
  function button({ text, kind, carryOut }) {
    const press = async () => {
      const done = await carryOut(detail);
      if (done) read();
    };
    return h("button", { type: "button", class: kind, "data-key": text, onclick: press }, text);
  }

  function who(one) {
    const lines = [h("strong", {}, words.nameOf(one))];
    if (one.phone) lines.push(h("a", { class: "phone", href: `tel:${one.phone}` }, one.phone));
    return h("span", { class: "who" }, lines);
  }

  /** Whether there is more to say of them than that they were left out. */
  const concerned = (one) => one.messages.length || one.responses.length || !one.excluded || one.caregiver_id === detail.holder?.caregiver_id;

  function message(one, channel) {
    const found = one.messages.find((message) => message.channel === channel);
    if (!found) return h("span", { class: "none" }, "–");
    const bad = ["failed", "unknown"].includes(found.status);
    return h(
      "span",
      { class: bad ? "bad" : "", title: found.error },
      bad && icon("alert"),
      words.words(words.MESSAGE, found.status),
      h("small", {}, ` ${words.hour(found.updated_at, words.zoneOf(detail.shift))}`),
    );
  }

  function caregiverCells(one) {
    const zone = words.zoneOf(detail.shift);
    const said = one.responses.map((response) =>
      h("span", { class: "said", "data-outcome": response.outcome }, words.words(words.OUTCOME, response.outcome), h("small", {}, ` ${words.VIA[response.channel]}, ${words.hour(response.at, zone)}`)),
    );
    return [who(one), message(one, "sms"), message(one, "voice"), said.length ? said : h("span", { class: "none" }, "–"), recording(one)];
  }

  function recording(one) {
    if (!one.phone) return "";
    return h("button", { type: "button", class: "quiet", "data-key": `record ${one.caregiver_id}`, onclick: () => record(one) }, "Record answer", h("span", { class: "unseen" }, ` of ${words.nameOf(one)}`));
  }

  async function record(one) {
    const answer = await recordAnswer(detail, one, label(detail));
    if (!answer) return;
    announce(`${words.nameOf(one)}, by phone: ${words.words(words.OUTCOME, answer.outcome)}.`);
    read();
  }

  function draw() {
    say(heading, words.title(detail.shift));
    place(state, [badge(detail)]);
    const zone = words.zoneOf(detail.shift);
    say(facts, `${words.day(detail.shift.start_time, zone)}, ${words.hours(detail.shift)} (${zone})`);
    say(names, `${detail.shift.organization_id} · ${detail.shift.id}`);
    place(now, situation(detail));
    place(numbers, detail.fanout ? sums(detail) : []);
    say(sent, detail.fanout ? words.leftOut(detail.fanout.counts) : "");
    const focused = document.activeElement?.dataset?.key;
    const wanted = actionsOn(detail);
    if (wanted.map((one) => one.text).join() !== [...actions.children].map((one) => one.dataset.key).join()) place(actions, wanted.map(button));
    drawPerson();
    caregivers.show(sorted(detail.caregivers.filter(concerned)));
    excluded.show(detail.caregivers.filter((one) => one.excluded));
    log.show(logOf(detail));
    if (focused && document.activeElement?.dataset?.key !== focused) {
      const again = [...element.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focused);
      (again ?? heading).focus();
    }
  }

  /** What a person has to decide, before everything else. */
  function drawPerson() {
    const { holder } = detail;
    const items = [];
    if (holder?.release_requested_at) {
      items.push(h("li", {}, h("strong", {}, words.nameOf(holder)), " asks to be released. The shift is theirs until you release them."));
    }
    if (words.claimable(detail)) {
      const found = sorted(detail.caregivers.filter(unclear));
      for (const one of found.slice(0, AT_ONCE)) {
        items.push(h("li", {}, h("strong", {}, words.nameOf(one)), ": not understood. Call them. ", one.phone && h("a", { class: "phone", "data-key": `call ${one.caregiver_id}`, href: `tel:${one.phone}` }, one.phone)));
      }
      if (found.length > AT_ONCE) items.push(h("li", {}, `and ${words.number(found.length - AT_ONCE)} more, below under “Not understood”.`));
      if (detail.fanout.status === "exhausted") items.push(h("li", {}, "Nobody is left who could still say yes."));
    }
    place(person, items.length ? [h("h3", {}, icon("alert"), "Needs a person"), h("ul", {}, items)] : []);
    person.hidden = !items.length;
  }

  /** Read the detail now; once more if it changes while that is under way. */
  async function read() {
    clearTimeout(timer);
    timer = null;
    if (reading) {
      stale = true;
      return;
    }
    reading = true;
    stale = false;
    const wanted = id;
    try {
      const found = await call("GET", shiftPath(wanted, "/board"));
      if (wanted === id) {
        detail = found;
        say(trouble, "");
        element.removeAttribute("aria-busy");
        draw();
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (wanted === id) say(trouble, error.message);
    } finally {
      reading = false;
    }
    if (id !== null && (stale || wanted !== id)) read();
  }

  return {
    /** Open a shift; null closes the panel. */
    open(wanted) {
      id = wanted;
      detail = null;
      element.hidden = id === null;
      if (id === null) return;
      element.setAttribute("aria-busy", "true");
      for (const part of [heading, facts, names, sent, trouble]) say(part, "");
      for (const part of [state, now, numbers, actions, person]) place(part, []);
      for (const part of [caregivers, excluded, log]) part.reset();
      say(heading, "Loading…");
      read().then(() => {
        if (wanted === id) heading.focus({ preventScroll: true });
      });
    },
    /** These shifts have changed. */
    changed(ids) {
      if (id === null || !ids.has(id) || timer !== null) return;
      timer = setTimeout(read, (detail?.caregivers.length ?? 0) > MANY ? LATER_MS : SOON_MS);
    },
  };
}

const latest = (one) => one.responses.reduce((last, response) => (!last || response.at >= last.at ? response : last), null);

/** Whether nobody understood their last word. */
const unclear = (one) => latest(one)?.outcome === "unrecognized";

/** Those who answered first, the latest answer on top; then by name. */
function sorted(people) {
  const at = (one) => latest(one)?.at ?? "";
  return people.sort((one, other) => at(other).localeCompare(at(one)) || words.nameOf(one).localeCompare(words.nameOf(other)));
}
