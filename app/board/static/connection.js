// Shows whether the board is live: connected, with a recent event, and without anything that makes it out of date.

import { setText } from "./dom.js";
import { serviceTime } from "./format.js";

/** The service sends an event at least every 15 seconds. After this time without one the board is not called live. */
const LIVE_MS = 20_000;

/**
 * Builds the display in `elements`. `update` must be called regularly, because the state changes from live to stale by
 * time alone.
 */
export function createConnectionStatus({ connection, "connection-words": text }) {
  let isConnected = null;
  let lastArrival = 0;
  let lastNow = null;
  let staleSince = null;
  let hasFailed = false;

  function current() {
    if (isConnected === null) return ["connecting", "Connecting"];
    if (!isConnected) return ["lost", "Connection lost, trying again"];
    if (staleSince) return ["stale", `The service can't read its records. Not up to date since ${serviceTime(staleSince)}`];
    if (hasFailed) return ["stale", "May be out of date, reload the page"];
    // Date.now(), unlike performance.now(), goes on while the computer sleeps.
    if (Date.now() - lastArrival > LIVE_MS) return ["stale", `No word from the service since ${serviceTime(lastNow)}`];
    return ["live", "Live"];
  }

  function update() {
    const [state, words] = current();
    connection.dataset.state = state;
    setText(text, words);
  }

  return {
    update,
    /** An event has arrived, in this tab or in the one that relays it, at `arrivedAt`, a time of `Date.now()`. */
    heard({ now, stale_since }, arrivedAt) {
      [lastArrival, lastNow, staleSince] = [arrivedAt, now, stale_since];
    },
    /** The page could not show an event, so what it shows may be wrong until it is reloaded. */
    failed() {
      hasFailed = true;
    },
    /** The connection was opened or has ended. */
    setConnected(yes) {
      isConnected = yes;
      update();
    },
  };
}
