// Finds shifts among all shifts of the service: the stream has only the first of them.

import { request } from "./api.js";
import { Refused } from "./dialog.js";

/** A search is sent once nothing was typed for this long. */
const PAUSE_MS = 300;
/** The service reports no changes of shifts that the stream does not have, so the search is repeated. */
const REPEAT_MS = 10_000;

/** Returns the search. Calls `onFound()` whenever `found` has changed. */
export function createSearch(onFound) {
  let query = "";
  let timer = null;
  const search = {
    /** Rows that match the last query. They may be some seconds old. */
    rows: [],
    /** Whether more shifts match than are in `rows`. */
    more: false,
    /** Why the service did not answer, as a sentence, or an empty string. */
    problem: "",
    /** Looks for what matches `newQuery`, the parameters of the service; nothing if that is empty. */
    find(newQuery) {
      if (newQuery === query) return;
      query = newQuery;
      clearTimeout(timer);
      if (query) timer = setTimeout(load, PAUSE_MS);
      else show({ rows: [], more: false }, "");
    },
  };

  async function load() {
    const asked = query;
    let answer = null;
    let problem = "";
    if (document.visibilityState === "visible") {
      try {
        answer = await request("GET", `board?${asked}`);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        problem = error.message;
      }
    }
    if (asked !== query) return;
    timer = setTimeout(load, REPEAT_MS);
    if (answer || problem) show(answer ?? search, problem);
  }

  function show({ rows, more }, problem) {
    Object.assign(search, { rows, more, problem });
    onFound();
  }

  return search;
}
