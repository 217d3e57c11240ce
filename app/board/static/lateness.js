// Recognises events that reach the page late: it was frozen, its computer was asleep or it was not connected.

/** Changes that are older than this when they arrive are no news any more. */
const LATE_MS = 60_000;

/** Returns a function that tells of each event whether it is late. It must be called for every event, in order. */
export function createLatenessCheck() {
  // Date.now(), unlike performance.now(), goes on while the computer sleeps.
  let lastArrival = null;
  let clockOffset = Infinity;

  return (name, now) => {
    const arrival = Date.now();
    const silence = arrival - (lastArrival ?? arrival);
    lastArrival = arrival;
    // The browser's clock may be wrong. The smallest difference so far belongs to the event that came fastest.
    clockOffset = Math.min(name === "snapshot" ? Infinity : clockOffset, arrival - Date.parse(now));
    const age = arrival - clockOffset - Date.parse(now);
    // A snapshot is new, but nobody knows when since the last event its changes happened.
    return name === "snapshot" ? silence > LATE_MS : age > LATE_MS;
  };
}
