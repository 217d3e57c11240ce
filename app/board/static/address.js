// The fragment of the page's address: the opened shift and the filters. So a link, a reload and the back button keep both.

const FILTERS = ["show", "text", "role", "organization", "from", "to"];

let filterSuffix = "";

/** Returns what the address says: `shift`, an id or null, and each filter as a string, empty if it is not set. */
export function readAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const filters = Object.fromEntries(FILTERS.map((name) => [name, parameters.get(name) ?? ""]));
  filterSuffix = suffixOf(filters);
  return { shift: parameters.get("shift"), filters };
}

/** Puts the filters into the address. This adds no entry to the history, because a search is typed letter by letter. */
export function writeFilters(filters) {
  const { shift } = readAddress();
  filterSuffix = suffixOf(filters);
  history.replaceState(null, "", shift === null ? closedLink() : shiftLink(shift));
}

/** Returns the fragment that opens the shift and keeps the filters. */
export const shiftLink = (id) => `#shift=${encodeURIComponent(id)}${filterSuffix}`;

/** Returns the fragment without an opened shift. */
export const closedLink = () => `#${filterSuffix.slice(1)}`;

function suffixOf(filters) {
  const set = new URLSearchParams(FILTERS.filter((name) => filters[name]).map((name) => [name, filters[name]]));
  return set.size ? `&${set}` : "";
}
