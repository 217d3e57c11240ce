// Requests to the service: adds the key and turns failures into `Refused`.

import { Refused } from "./dialog.js";
import { authHeaders, requestKey } from "./key.js";

/**
 * Returns the JSON of the response. Throws Refused with the problem's `detail`, or with a general message if there is no
 * `detail`.
 */
export async function request(method, path, body) {
  const sent = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await send(path, { method, ...sent });
  const answer = await response.json().catch(() => null);
  if (!response.ok || answer === null) throw new Refused(refusalText(answer, response), response.status);
  return answer;
}

/** Returns the body of the response to a GET as a Blob of that media type. Throws Refused as `request` does. */
export async function requestFile(path, mediaType) {
  const response = await send(path, { headers: { accept: mediaType } });
  const body = response.ok ? await response.blob().catch(() => null) : await response.json().catch(() => null);
  if (!response.ok || body === null) throw new Refused(refusalText(body, response), response.status);
  return body;
}

/** Sends the request with the key. If the service refuses the key, the page asks for another, and this never resolves. */
async function send(path, options) {
  const headers = authHeaders();
  let response;
  try {
    response = await fetch(path, { ...options, headers: { ...headers, ...options.headers } });
  } catch {
    throw new Refused("The service cannot be reached. Try again in a moment.");
  }
  return response.status === 401 ? requestKey(headers.authorization) : response;
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
