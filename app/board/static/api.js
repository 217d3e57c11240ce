// Talking to the service: one request at a time, the key, refusals in words.

import { askForKey, Refused, sendable } from "./ask.js";

const SLOT = "shift-fanout-key";

/** The headers of every request. The key lives as long as the tab. */
export function headers() {
  const key = sessionStorage.getItem(SLOT);
  // One that cannot be sent would make every request fail before it left, with nobody to ask for another.
  return key && sendable(key) ? { authorization: `Bearer ${key}` } : {};
}

let asking = null;

/** Ask for the key, once however many requests want it; `refused` is the key the service did not take. */
export function wantKey(refused) {
  if (headers().authorization !== refused) return Promise.resolve();
  asking ??= askForKey(refused !== undefined).then((key) => {
    if (key) sessionStorage.setItem(SLOT, key);
    asking = null;
  });
  return asking;
}

/** The JSON of the answer. Throws Refused, in the service's own words where it has any. */
export async function call(method, path, body) {
  for (;;) {
    const sent = headers();
    let response;
    try {
      response = await fetch(path, {
        method,
        headers: body === undefined ? sent : { ...sent, "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch {
      throw new Refused("The service cannot be reached. Try again in a moment.");
    }
    if (response.status === 401) {
      await wantKey(sent.authorization);
      continue;
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok || answer === null) throw new Refused(refusal(answer, response));
    return answer;
  }
}

function refusal(problem, response) {
  const detail = problem?.detail ?? (response.ok ? "the answer broke off" : `the service answered ${response.status}`);
  return detail.charAt(0).toUpperCase() + detail.slice(1) + (/[.!?]$/.test(detail) ? "" : ".");
}

/** The path of a shift, whatever its id looks like. */
export const shiftPath = (id, rest = "") => `/shifts/${encodeURIComponent(id)}${rest}`;
