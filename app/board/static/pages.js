// A table in pages, with filters and a search: thousands of rows, of which some dozens are on the screen.

import { h, place, say } from "./dom.js";
import { number } from "./words.js";

const ROWS = 50;

/**
 * `show(all)` draws the rows that fit. `cells(one)` gives a row's cells, `key(one)` tells rows apart, `text(one)` is
 * what the search looks in. A table without rows hides itself, unless it has words for being `empty`.
 */
export function paged({ name, title, head, cells, key, text, find, empty, filters = [] }) {
  let all = [];
  let first = 0;
  let chosen = filters[0]?.[0];
  const drawn = new Map();

  const size = h("span", { class: "size" });
  const buttons = filters.map(([name, label, fits]) => {
    const amount = h("span", { class: "size" });
    const button = h("button", { type: "button", "aria-pressed": String(name === chosen), onclick: () => choose(name) }, label, " ", amount);
    return { name, fits, amount, button };
  });
  const search = h("input", { type: "search", "aria-label": find, placeholder: find, autocomplete: "off", oninput: () => turn(0) });
  const body = h("tbody");
  const table = h("table", {}, h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col" }, name)))), body);
  const nothing = h("p", { class: "note" });
  const range = h("span", { role: "status" });
  const back = h("button", { type: "button", class: "quiet", onclick: () => turn(first - ROWS) }, "Earlier page");
  const on = h("button", { type: "button", class: "quiet", onclick: () => turn(first + ROWS) }, "Next page");
  const pager = h("p", { class: "pager" }, back, range, on);
  const group = filters.length ? h("div", { class: "filters", role: "group", "aria-label": `Show ${title.toLowerCase()}` }, buttons.map((one) => one.button)) : null;
  const element = h("section", { class: "paged", "data-name": name }, h("h3", {}, title, " ", size), group, find ? h("p", { class: "find" }, search) : null, table, nothing, pager);

  function choose(name) {
    chosen = name;
    for (const one of buttons) one.button.setAttribute("aria-pressed", String(one.name === name));
    turn(0);
  }

  function turn(to) {
    first = to;
    draw();
  }

  function draw() {
    const { fits } = buttons.find((one) => one.name === chosen) ?? { fits: () => true };
    const wanted = search.value.trim().toLowerCase();
    const found = all.filter((one) => fits(one) && (!wanted || text(one).toLowerCase().includes(wanted)));
    first = Math.max(0, Math.min(first, Math.floor((found.length - 1) / ROWS) * ROWS));
    const shown = found.slice(first, first + ROWS);
    const keep = new Set();
    const rows = shown.map((one, at) => {
      const name = key(one, found.length - first - at);
      const content = JSON.stringify(one);
      keep.add(name);
      if (drawn.get(name)?.content !== content) drawn.set(name, { content, row: row(one) });
      return drawn.get(name).row;
    });
    for (const name of drawn.keys()) if (!keep.has(name)) drawn.delete(name);
    place(body, rows);
    element.hidden = !all.length && !empty;
    table.hidden = !shown.length;
    say(size, number(all.length));
    for (const { fits: counted, amount } of buttons) say(amount, number(all.filter(counted).length));
    say(nothing, shown.length ? "" : all.length ? "None of them." : empty ?? "");
    search.hidden = all.length <= 10;
    if (group) group.hidden = !all.length;
    pager.hidden = found.length <= ROWS;
    say(range, `${number(first + 1)}–${number(first + shown.length)} of ${number(found.length)}`);
    back.disabled = first === 0;
    on.disabled = first + ROWS >= found.length;
  }

  function row(one) {
    return h("tr", {}, cells(one).map((cell, at) => h(at ? "td" : "th", at ? { "data-head": head[at] } : { scope: "row" }, cell)));
  }

  return {
    element,
    show(rows) {
      all = rows;
      draw();
    },
    /** Forget the rows, the page and the search of another shift. */
    reset() {
      [all, first, search.value] = [[], 0, ""];
      drawn.clear();
      draw();
    },
  };
}
