// When the messages that wait to be sent will be out, at the rates that the service keeps to.

import { serverNow } from "./clock.js";

/** A wait shorter than this is not worth a line. */
const MIN_WAIT_MS = 10_000;

/** Messages per second by channel, null without a limit. */
let rates = {};
/** How many messages of all shifts wait, by channel. */
let queuedCounts = {};

/** Sets the rates. They come with every event that has rows. */
export function setRates(given) {
  rates = given ?? {};
}

/** Counts the messages that wait in `rows`: all shifts share the rate of a channel. */
export function countQueued(rows) {
  queuedCounts = {};
  for (const { fanout } of rows) {
    if (fanout) queuedCounts[fanout.round] = (queuedCounts[fanout.round] ?? 0) + fanout.counts.queued;
  }
}

/** Returns when the last waiting message of the channel will be out, in milliseconds since 1970; null if that is soon. */
export function lastMessageAt(channel) {
  const waitMs = rates[channel] ? ((queuedCounts[channel] ?? 0) / rates[channel]) * 1000 : 0;
  return waitMs < MIN_WAIT_MS ? null : serverNow() + waitMs;
}
