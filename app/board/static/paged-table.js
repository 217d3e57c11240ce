// A table with pages, filters and a search. It holds thousands of records and draws one page of them.

import { h, setChildren, setText } from "./dom.js";
import { formatNumber } from "./format.js";

const PAGE_ROWS = 50;

/**
 * Creates the table. `cells(record)` returns the cells of a row, `key(record, position)` an identity that stays the
 * same while the record is in the table, and `text(record)` the text that is searched. Without records the table is
 * hidden, unless there is an `emptyText`.
 */
export function createPagedTable({ name, title, head, cells, key, text, searchLabel, emptyText, filters = [] }) {
  let records = [];
  let first = 0;
  let activeFilter = filters[0]?.[0];
  const drawnRows = new Map();

  const total = h("span", { class: "size" });
  const filterButtons = filters.map(([filterName, label, matches]) => {
    const size = h("span", { class: "size" });
    const pressed = String(filterName === activeFilter);
    const button = h("button", { type: "button", "aria-pressed": pressed, onclick: () => setFilter(filterName) }, label, " ", size);
    return { name: filterName, matches, size, button };
  });
  const search = h("input", { type: "search", "aria-label": searchLabel, placeholder: searchLabel, autocomplete: "off", oninput: () => showFrom(0) });
  const body = h("tbody");
  const table = h("table", {}, h("thead", {}, h("tr", {}, head.map((label) => h("th", { scope: "col" }, label)))), body);
  const emptyNote = h("p", { class: "note" });
  const range = h("span", { role: "status" });
  const previous = h("button", { type: "button", class: "quiet", onclick: () => showFrom(first - PAGE_ROWS) }, "Previous page");
  const next = h("button", { type: "button", class: "quiet", onclick: () => showFrom(first + PAGE_ROWS) }, "Next page");
  const pager = h("p", { class: "pager" }, previous, range, next);
  const filterBar = filters.length
    ? h("div", { class: "filters", role: "group", "aria-label": `Show ${title.toLowerCase()}` }, filterButtons.map(({ button }) => button))
    : null;
  const element = h(
    "section", { class: "paged", "data-name": name },
    h("h3", {}, title, " ", total), filterBar, searchLabel ? h("p", { class: "find" }, search) : null, table, emptyNote, pager,
  );

  function setFilter(filterName) {
    activeFilter = filterName;
    for (const { name, button } of filterButtons) button.setAttribute("aria-pressed", String(name === filterName));
    showFrom(0);
  }

  function showFrom(index) {
    first = index;
    draw();
  }

  function draw() {
    const { matches } = filterButtons.find(({ name }) => name === activeFilter) ?? { matches: () => true };
    const query = search.value.trim().toLowerCase();
    const found = records.filter((record) => matches(record) && (!query || text(record).toLowerCase().includes(query)));
    first = Math.max(0, Math.min(first, Math.floor((found.length - 1) / PAGE_ROWS) * PAGE_ROWS));
    const shown = found.slice(first, first + PAGE_ROWS);
    const shownKeys = new Set();
    const rows = shown.map((record, index) => {
      const rowKey = key(record, found.length - first - index);
      const content = JSON.stringify(record);
      shownKeys.add(rowKey);
      if (drawnRows.get(rowKey)?.content !== content) drawnRows.set(rowKey, { content, row: createRow(record) });
      return drawnRows.get(rowKey).row;
    });
    for (const rowKey of drawnRows.keys()) if (!shownKeys.has(rowKey)) drawnRows.delete(rowKey);
    setChildren(body, rows);
    element.hidden = !records.length && !emptyText;
    table.hidden = !shown.length;
    setText(total, formatNumber(records.length));
    for (const { matches, size } of filterButtons) setText(size, formatNumber(records.filter(matches).length));
    setText(emptyNote, shown.length ? "" : records.length ? "Nothing matches." : emptyText ?? "");
    search.hidden = records.length <= 10;
    if (filterBar) filterBar.hidden = !records.length;
    pager.hidden = found.length <= PAGE_ROWS;
    setText(range, `${formatNumber(first + 1)}–${formatNumber(first + shown.length)} of ${formatNumber(found.length)}`);
    previous.disabled = first === 0;
    next.disabled = first + PAGE_ROWS >= found.length;
  }

  const createRow = (record) =>
    h("tr", {}, cells(record).map((cell, column) => h(column ? "td" : "th", column ? { "data-head": head[column] } : { scope: "row" }, cell)));

  return {
    element,
    /** Replaces the records and stays on the current page. */
    show(all) {
      records = all;
      draw();
    },
    /** Clears records, page and search. Called before another shift is shown. */
    reset() {
      [records, first, search.value] = [[], 0, ""];
      drawnRows.clear();
      draw();
    },
  };
}
