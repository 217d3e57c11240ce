// The filters of the list: state, text, day, role and organization. They are kept in the address.

import { readAddress, writeFilters } from "./address.js";
import { needsPerson } from "./attention.js";
import { h, setChildren, setText } from "./dom.js";
import { fold } from "./fold.js";
import { formatNumber, isoDate, zoneOf } from "./format.js";
import { organizationName, stateOf } from "./labels.js";

const STATES = [
  ["all", "All", () => true],
  ["person", "Needs a person", needsPerson],
  ["asking", "Being asked", (row) => ["texting", "calling"].includes(stateOf(row))],
  ["open", "Not started", (row) => ["open", "cancelled"].includes(stateOf(row))],
  ["filled", "Filled", (row) => row.holder !== null],
];

/** Builds the filters in `elements`, the elements of the page by id. Calls `onChange()` whenever one changes. */
export function createFilters(elements, onChange) {
  let filters = readAddress().filters;

  const stateButtons = STATES.map(([name, label, matches]) => {
    const size = h("span", { class: "size" });
    const button = h("button", { type: "button", onclick: () => set("show", name === "all" ? "" : name) }, label, " ", size);
    return { name, matches, size, button };
  });
  setChildren(elements.filters, stateButtons.map(({ button }) => button));

  const fields = { text: elements.find, from: elements.from, to: elements.to, role: elements.role, organization: elements.organization };
  for (const [name, field] of Object.entries(fields)) field.addEventListener("input", () => set(name, field.value));
  elements.clear.addEventListener("click", () => {
    for (const name of Object.keys(fields)) filters[name] = "";
    change();
    elements.find.focus();
  });

  const activeState = () => stateButtons.find(({ name }) => name === filters.show) ?? stateButtons[0];
  const narrowing = () => ["from", "to", "role", "organization"].filter((name) => filters[name]);

  function set(name, value) {
    filters[name] = value;
    change();
  }

  function change() {
    writeFilters(filters);
    showState();
    onChange();
  }

  function showState() {
    for (const { name, button } of stateButtons) button.setAttribute("aria-pressed", String(name === activeState().name));
    // An option for a value from the address may not exist yet: no shift with it has been loaded.
    addOptions(elements.role, [{ value: filters.role }], fold);
    addOptions(elements.organization, [{ value: filters.organization }]);
    for (const [name, field] of Object.entries(fields)) if (field.value !== filters[name]) field.value = filters[name];
    const count = narrowing().length;
    setText(elements.narrowed, count ? `Date, role, organization (${count} set)` : "Date, role, organization");
    elements.clear.hidden = !count && !filters.text;
  }

  function matchesFields(row) {
    const { shift } = row;
    return (
      matchesDay(shift) &&
      (!filters.role || fold(filters.role) === fold(shift.role_required)) &&
      (!filters.organization || filters.organization === shift.organization_id) &&
      (!filters.text || searchText(row).includes(fold(filters.text)))
    );
  }

  /** A shift belongs to the day on which it starts in its own zone, under which the list shows it. */
  function matchesDay(shift) {
    const [from, to] = [validDay(filters.from), validDay(filters.to)];
    const day = from || to ? isoDate(shift.start_time, zoneOf(shift)) : "";
    return (!from || from <= day) && (!to || day <= to);
  }

  elements.narrowing.open = narrowing().length > 0;
  showState();

  return {
    /** Whether the row matches all filters but the state. */
    matchesFields,
    matchesState: (row) => activeState().matches(row),
    /** Whether the list shows only what needs a person. */
    isUrgent: () => activeState().name === "person",
    /** Reads the filters from the address again. */
    read() {
      filters = readAddress().filters;
      showState();
    },
    /** Shows on each button of a state how many of these rows have it. */
    count(rows) {
      for (const { matches, size } of stateButtons) setText(size, formatNumber(rows.filter(matches).length));
    },
    /** Offers the roles and organizations of these rows. */
    offer(rows) {
      addOptions(elements.role, rows.map(({ shift }) => ({ value: shift.role_required })), fold);
      addOptions(elements.organization, rows.map((row) => ({ value: row.shift.organization_id, label: organizationName(row) })));
    },
    /** Whether a day is chosen from which to search, which may be before the shifts of the stream. */
    hasFirstDay: () => validDay(filters.from) !== "",
    /**
     * Returns the parameters by which the service finds all shifts that match, and perhaps some of the days before and
     * after; an empty string if only the state and nothing else is chosen.
     */
    query() {
      const { text, role, organization } = filters;
      const [from, to] = [validDay(filters.from), validDay(filters.to)];
      const parameters = {
        text: text.trim(),
        role,
        organization_id: organization,
        // The service compares moments. These are the earliest and the latest at which such a day begins or ends anywhere.
        starts_from: from && `${from}T00:00:00+14:00`,
        starts_before: to && `${to}T23:59:59-12:00`,
      };
      return String(new URLSearchParams(Object.entries(parameters).filter(([, value]) => value)));
    },
  };
}

/** Returns the value of a date field, or "" while its year is being typed (0002, 0020) or an address has no such day. */
const validDay = (value) => (/^(19|20|21)\d\d-\d\d-\d\d$/.test(value) ? value : "");

/**
 * Adds an option for each { value, label } that the select does not offer yet, in alphabetical order of the labels. An
 * option that was added without a label shows its value, until there is one.
 */
function addOptions(select, choices, identity = (value) => value) {
  const known = new Map([...select.options].map((option) => [identity(option.value), option]));
  for (const { value, label } of choices) {
    if (!value) continue;
    const option = known.get(identity(value)) ?? h("option", { value }, value);
    if (option.parentNode && (!label || option.text === label)) continue;
    option.text = label ?? value;
    known.set(identity(value), option);
    const next = [...select.options].find((other) => other.value && other !== option && other.text.localeCompare(option.text) > 0);
    select.insertBefore(option, next ?? null);
  }
}

const searchText = (row) => {
  const { shift, holder } = row;
  const parts = [shift.role_required, shift.location, shift.id, shift.organization_id, organizationName(row), holder?.name];
  return parts.map((part) => fold(part ?? "")).join("\n");
};
