// Reads the stream of events. Uses fetch, because EventSource cannot send the key.

/** The service sends an event at least every 15 s. After 45 s without one the connection is considered dead. */
const SILENCE_MS = 45_000;
const WATCHDOG_MS = 1000;
const MAX_RETRY_MS = 15_000;

/**
 * Reads the stream, and reconnects, until `signal` aborts or the service refuses the key. Resolves to whether the key
 * was refused. Calls `onEvent(name, data)` and then `onConnection(true)` after every event, and `onConnection(false)`
 * whenever the connection is lost. `authorization` is the header's value, undefined to send none.
 */
export async function readStream({ authorization, signal, onEvent, onConnection }) {
  for (let failures = 0; !signal.aborted; failures += 1) {
    const watchdog = createWatchdog(signal);
    try {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await fetch("events", { headers, signal: watchdog.signal, cache: "no-store" });
      if (response.status === 401) return true;
      if (!response.ok) throw new Error(`events answered ${response.status}`);
      for await (const [name, data] of readEvents(response.body)) {
        watchdog.heard();
        failures = -1;
        onEvent(name, data);
        onConnection(true);
      }
    } catch (error) {
      console.info("The stream of events ended:", error.message);
    } finally {
      watchdog.stop();
    }
    if (signal.aborted) break;
    onConnection(false);
    await retryDelay(Math.min(MAX_RETRY_MS, 500 * 2 ** Math.max(failures, 0)) * (0.5 + Math.random() / 2), signal);
  }
  return false;
}

/**
 * Returns a signal that aborts the request together with `signal`, after SILENCE_MS without a call of `heard`, and when
 * the browser loses its network.
 */
function createWatchdog(signal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let lastArrival = Date.now();
  // A timer of SILENCE_MS would stand still while the computer sleeps. This one finds the dead connection on waking.
  const timer = setInterval(() => {
    if (Date.now() - lastArrival > SILENCE_MS) abort();
  }, WATCHDOG_MS);
  signal.addEventListener("abort", abort);
  addEventListener("offline", abort);
  return {
    signal: controller.signal,
    heard() {
      lastArrival = Date.now();
    },
    stop() {
      clearInterval(timer);
      signal.removeEventListener("abort", abort);
      removeEventListener("offline", abort);
    },
  };
}

/** Waits, but only until `signal` aborts or the browser reports that it is online again. */
function retryDelay(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    addEventListener("online", done);
  });
}

/** Yields [name, data] per server-sent event (HTML Living Standard, 9.2.6; only the parts that the service uses). */
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
