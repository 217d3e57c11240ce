// The stream of events. Read with fetch, because EventSource cannot send the key.

import { authHeaders, requestKey } from "./key.js";

/** The service says something every 15 seconds; after three times that the connection is taken for dead. */
const SILENCE_MS = 45_000;
const MAX_RETRY_MS = 15_000;

/** Follow the board for ever: `onEvent(name, data)` per event, `onConnection(true or false)` when that changes. */
export async function followEvents(onEvent, onConnection) {
  for (let failures = 0; ; failures += 1) {
    try {
      const headers = authHeaders();
      const silence = new AbortController();
      let timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const response = await fetch("/events", { headers, signal: silence.signal, cache: "no-store" });
      if (response.status === 401) {
        clearTimeout(timer);
        await requestKey(headers.authorization);
        failures = -1;
        continue;
      }
      if (!response.ok) throw new Error(`/events answered ${response.status}`);
      for await (const [name, data] of readEvents(response.body)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        failures = -1;
        onEvent(name, data);
        onConnection(true);
      }
      clearTimeout(timer);
    } catch (error) {
      console.info("The stream of events ended:", error.message);
    }
    onConnection(false);
    await retryDelay(Math.min(MAX_RETRY_MS, 500 * 2 ** Math.max(failures, 0)) * (0.5 + Math.random() / 2));
  }
}

/** Wait, but not after the network has come back. */
function retryDelay(ms) {
  return new Promise((resolve) => {
    const done = () => {
      removeEventListener("online", done);
      resolve();
    };
    setTimeout(done, ms);
    addEventListener("online", done);
  });
}

/** The [name, data] pairs of a body of server-sent events (HTML Living Standard, 9.2.6; the parts used here). */
async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (text + value).split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: ?(.*)/s)));
      if (fields.data) yield [fields.event, JSON.parse(fields.data)];
    }
  }
}
