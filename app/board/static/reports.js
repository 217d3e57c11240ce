// The page of the report about filled shifts: a choice of days, the figures of all, a chart, and tables. The address keeps
// the choice, so it can be bookmarked: days from and to, or a number of last days.

import { request, requestFile } from "./api.js";
import { Refused } from "./dialog.js";
import { h, setChildren, setText, svg } from "./dom.js";
import { figuresTable, totals } from "./figures-table.js";
import { hourOfDay } from "./format.js";
import { hourChart } from "./hour-chart.js";

const RECENT_DAYS = { 7: "7 days", 28: "28 days", 90: "90 days", 365: "1 year" };
/** How many days the service chooses. */
const DEFAULT_DAYS = 28;
const ROUNDS = { sms: "Texts", voice: "Calls" };
const BY_HOUR = "By hour of the day";

const elements = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
const recentButtons = Object.entries(RECENT_DAYS).map(([days, label]) => {
  const button = h("button", { type: "button", onclick: () => choose({ days }) }, label);
  return { days: Number(days), button };
});
/** The number of the latest load. A slow answer to an earlier one is ignored. */
let latestLoad = 0;

function choose(choice) {
  location.hash = new URLSearchParams(choice);
}

/** Loads the report of the days that the address names; without any, of the days that the service chooses. */
async function load() {
  const thisLoad = (latestLoad += 1);
  const choice = new URLSearchParams(location.hash.slice(1));
  elements.report.setAttribute("aria-busy", "true");
  setText(elements.note, "Loading the report…");
  let report = null;
  let refusal = "";
  try {
    report = await reportOf(choice);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refusal = error.message;
  }
  if (thisLoad !== latestLoad) return;
  elements.report.setAttribute("aria-busy", "false");
  setText(elements.note, refusal);
  show(report, choice);
}

async function reportOf(choice) {
  const days = Number(choice.get("days"));
  if (days) {
    // Only the service knows which day is today in its zone.
    const { to } = await request("GET", "reports/fills");
    return request("GET", `reports/fills?${new URLSearchParams({ from: daysBefore(to, days - 1), to })}`);
  }
  const named = ["from", "to"].filter((name) => choice.get(name)).map((name) => [name, choice.get(name)]);
  return request("GET", `reports/fills?${new URLSearchParams(named)}`);
}

/** Shows the report; null: there is none, and the note says why. */
function show(report, choice) {
  const period = report && daysFromTo(report);
  document.title = report ? `Filled shifts, ${period} - Shift board` : "Filled shifts - Shift board";
  elements.from.value = report?.from ?? choice.get("from") ?? "";
  elements.to.value = report?.to ?? choice.get("to") ?? "";
  const recent = report && Number(choice.get("days") ?? (choice.size ? 0 : DEFAULT_DAYS));
  for (const { days, button } of recentButtons) button.setAttribute("aria-pressed", String(days === recent));
  elements.download.hidden = !report?.total.asked;
  setText(elements.period, period ?? "");
  setChildren(elements.content, report ? content(report) : []);
}

function content(report) {
  const zone = h("p", { class: "note" }, `Days and hours are those of the zone ${report.time_zone.replaceAll("_", " ")}.`);
  if (!report.total.asked) return [h("p", { class: "empty" }, "No shift was asked about in these days."), zone];
  return [
    zone,
    totals(report.total),
    h(
      "figure", { class: "card" },
      h("figcaption", {}, h("h3", {}, "Shifts by the hour in which asking started"), legend()),
      hourChart(report.by_hour, BY_HOUR),
    ),
    h(
      "div", { class: "tables" },
      h(
        "div", {},
        figuresTable("By role", "Role", report.by_role.map((one) => [h("bdi", {}, roleName(one.role)), one])),
        figuresTable("By round", "Round", report.by_round.map((one) => [ROUNDS[one.round] ?? one.round, one])),
      ),
      figuresTable(BY_HOUR, "Hour", report.by_hour.map((one) => [hourOfDay(one.hour), one])),
    ),
  ];
}

function legend() {
  const entry = (name, label) => h("span", {}, svg("svg", { class: "chart key", "aria-hidden": "true" }, svg("rect", { class: name, x: "8%", y: "8%", width: "84%", height: "84%" })), label);
  return h("p", { class: "legend" }, entry("filled", "filled"), entry("asked", "not filled"));
}

/** The report has roles in small letters. Almost all roles of up to three letters are abbreviations: RN, LPN, CNA. */
const roleName = (role) => (role.length <= 3 ? role.toUpperCase() : role.charAt(0).toUpperCase() + role.slice(1));

/** November 1 – 28, 2026 */
function daysFromTo({ from, to }) {
  const format = new Intl.DateTimeFormat("en-US", { month: "long", day: "numeric", year: "numeric", timeZone: "UTC" });
  return format.formatRange(new Date(from), new Date(to));
}

function daysBefore(day, count) {
  const date = new Date(day);
  date.setUTCDate(date.getUTCDate() - count);
  return date.toISOString().slice(0, 10);
}

async function download() {
  const [from, to] = [elements.from.value, elements.to.value];
  try {
    const file = await requestFile(`reports/fills?${new URLSearchParams({ from, to })}`, "text/csv");
    const url = URL.createObjectURL(file);
    h("a", { href: url, download: `filled-shifts-${from}-to-${to}.csv` }).click();
    URL.revokeObjectURL(url);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    setText(elements.note, error.message);
  }
}

setChildren(elements.recent, recentButtons.map(({ button }) => button));
for (const field of [elements.from, elements.to]) {
  // The fields are complete only once a year of four digits is typed.
  field.addEventListener("change", () => {
    const [from, to] = [elements.from.value, elements.to.value];
    if (from >= "1971" && to >= "1971") choose({ from, to });
  });
}
elements.choice.addEventListener("submit", (event) => event.preventDefault());
elements.download.addEventListener("click", download);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  elements.report.focus();
});
addEventListener("hashchange", load);
load();
