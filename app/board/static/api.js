// Requests to the service: adds the key and turns failures into `Refused`.

import { Refused } from "./dialog.js";
import { authHeaders, requestKey } from "./key.js";

/**
 * Returns the JSON of the response. Throws Refused with the problem's `detail`, or with a general message if there is no
 * `detail`.
 */
export async function request(method, path, body) {
  for (;;) {
    const headers = authHeaders();
    let response;
    try {
      response = await fetch(path, {
        method,
        headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch {
      throw new Refused("The service cannot be reached. Try again in a moment.");
    }
    if (response.status === 401) {
      await requestKey(headers.authorization);
      continue;
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok || answer === null) throw new Refused(refusalText(answer, response));
    return answer;
  }
}

function refusalText(problem, response) {
  const detail = problem?.detail ?? (response.ok ? "the answer broke off" : `the service answered ${response.status}`);
  return detail.charAt(0).toUpperCase() + detail.slice(1) + (/[.!?]$/.test(detail) ? "" : ".");
}

/**
 * Returns the path of a shift. The id may contain any characters. Like all paths it is relative to the page, because
 * the service may run under a root path.
 */
export const shiftPath = (id, rest = "") => `shifts/${encodeURIComponent(id)}${rest}`;
