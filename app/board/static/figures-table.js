// Tables of figures about filled shifts: a row for each role, round or hour.

import { h } from "./dom.js";
import { duration, formatNumber } from "./format.js";

const MEDIAN = "Median";
const NINE_OF_TEN = "9\u00a0of\u00a010 within";
/** The columns of times: the group, the figure, and its name in the report. */
const TIMES = [
  ["First answer", MEDIAN, "first_answer_median_s"],
  ["First answer", NINE_OF_TEN, "first_answer_p90_s"],
  ["Time to fill", MEDIAN, "fill_median_s"],
  ["Time to fill", NINE_OF_TEN, "fill_p90_s"],
];

/** Returns a section with the table. `rows` has pairs of a name, as children for `h`, and its figures from the report. */
export function figuresTable(title, firstColumn, rows) {
  const id = `by-${firstColumn.toLowerCase()}`;
  return h(
    "section", { class: "card", "aria-labelledby": id },
    h("h3", { id }, title),
    h(
      "table", { class: "figures", "aria-labelledby": id },
      h(
        "thead", {},
        h(
          "tr", {},
          h("th", { scope: "col", rowspan: 2 }, firstColumn),
          h("th", { scope: "col", rowspan: 2 }, "Asked about"),
          h("th", { scope: "col", rowspan: 2 }, "Filled"),
          ["First answer", "Time to fill"].map((group) => h("th", { scope: "colgroup", colspan: 2 }, group)),
        ),
        h("tr", {}, TIMES.map(([, figure]) => h("th", { scope: "col" }, figure))),
      ),
      h("tbody", {}, rows.map(([name, figures]) => row(name, figures))),
    ),
  );
}

function row(name, figures) {
  return h(
    "tr", {},
    h("th", { scope: "row" }, name),
    h("td", { "data-head": "Asked about" }, formatNumber(figures.asked)),
    h("td", { "data-head": "Filled" }, filledOf(figures)),
    TIMES.map(([group, figure, key]) => h("td", { "data-head": `${group}, ${figure.toLowerCase()}` }, timeOf(figures[key]))),
  );
}

/** Returns the list of the figures of the whole report, which stand out above the tables. */
export function totals(figures) {
  const list = [
    ["asked about", formatNumber(figures.asked)],
    ["filled", filledOf(figures)],
    ...TIMES.map(([group, figure, key]) => [`${group.toLowerCase()}, ${figure.toLowerCase()}`, timeOf(figures[key])]),
  ];
  return h("dl", { class: "sums card" }, list.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
}

/** 11 (92%) */
function filledOf({ asked, filled }) {
  return [formatNumber(filled), asked ? h("small", {}, ` ${Math.round((filled / asked) * 100)}%`) : null];
}

const timeOf = (seconds) => (seconds === null ? h("span", { class: "none" }, "none") : duration(seconds));
