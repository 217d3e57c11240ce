// Draws how many shifts were asked about and filled in each hour of the day. All places in the drawing are percentages of
// its size, so the browser fits it to a phone, a wide screen or paper, and the texts keep their size.

import { svg } from "./dom.js";
import { countOf, formatNumber, hourOfDay } from "./format.js";

const HOURS = 24;
/** The share of an hour's place that its bar takes. */
const BAR_SHARE = 0.72;
const MOST_LINES = 4;

/**
 * Returns the drawing. `hours` has an object { hour, asked, filled } for each hour in which there was something.
 * `tableTitle` is the heading of the table with the same figures, which the description names.
 */
export function hourChart(hours, tableTitle) {
  const lines = gridLines(Math.max(...hours.map(({ asked }) => asked)));
  const top = lines.at(-1);
  const title = svg("title", { id: "chart-title" }, "Shifts asked about and filled, by hour of the day");
  const description = svg("desc", { id: "chart-description" }, describe(hours, tableTitle));
  const labelledBy = { "aria-labelledby": "chart-title", "aria-describedby": "chart-description" };
  return svg(
    "svg", { class: "chart", role: "img", ...labelledBy },
    title, description,
    lines.map((value) => gridLine(value, percent(1 - value / top))),
    hours.map((one) => bar(one, top)),
    Array.from({ length: HOURS / 3 }, (_, index) => hourLabel(index * 3)),
  );
}

/** Returns the values of the grid lines: from 0, in steps that are easy to read, to the first step that is not below `most`. */
export function gridLines(most) {
  let step = 1;
  for (let factors = [2, 2.5, 2], index = 0; most > step * MOST_LINES; index += 1) step *= factors[index % factors.length];
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, index) => index * step);
}

const percent = (share) => `${Number((share * 100).toFixed(3))}%`;

function gridLine(value, y) {
  return svg(
    "g", { class: value ? "grid" : "grid base" },
    svg("line", { x1: "0%", x2: "100%", y1: y, y2: y }),
    svg("text", { x: "0%", y, dx: "-.5em", dy: ".35em", "text-anchor": "end" }, formatNumber(value)),
  );
}

/** The bar of an hour: an outline as high as `asked`, filled with colour as high as `filled`. */
function bar({ hour, asked, filled }, top) {
  const place = (count) => ({
    x: percent((hour + (1 - BAR_SHARE) / 2) / HOURS),
    width: percent(BAR_SHARE / HOURS),
    y: percent(1 - count / top),
    height: percent(count / top),
  });
  const words = `${hourOfDay(hour)} – ${hourOfDay((hour + 1) % HOURS)}: ${formatNumber(asked)} asked about, ${formatNumber(filled)} filled`;
  return svg(
    "g", { class: "bar" },
    svg("title", {}, words),
    svg("rect", { class: "asked", ...place(asked) }),
    filled ? [svg("rect", { class: "filled", ...place(filled) })] : [],
  );
}

/** The label of an hour, below its bar. Narrow screens show every other label. */
function hourLabel(hour) {
  const place = { x: percent((hour + 0.5) / HOURS), y: "100%", dy: "1.5em", "text-anchor": "middle" };
  return svg("text", { class: hour % 6 ? "between" : "", ...place }, hourOfDay(hour));
}

function describe(hours, tableTitle) {
  const busiest = hours.reduce((most, one) => (one.asked > most.asked ? one : most));
  const range = `between ${hourOfDay(busiest.hour)} and ${hourOfDay((busiest.hour + 1) % HOURS)}`;
  return `Most were asked about ${range}: ${countOf(busiest.asked, "shift")}, of which ${formatNumber(busiest.filled)} were filled. The table “${tableTitle}” has the figures of every hour.`;
}
