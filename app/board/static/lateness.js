// Recognises events that reach the page late: it was frozen, its computer was asleep or it was not connected.

/** Changes that are older than this when they arrive are no longer news. */
const LATE_MS = 60_000;

/** Returns a function that says whether an event is late. It must be called for every event, in order. */
export function createLatenessCheck() {
  // Date.now(), unlike performance.now(), goes on while the computer sleeps.
  let lastArrival = null;
  let clockOffset = Infinity;

  return (name, now) => {
    const arrival = Date.now();
    const silence = arrival - (lastArrival ?? arrival);
    lastArrival = arrival;
    // The browser's clock may be wrong. The smallest difference seen so far is the clock
    // offset plus the shortest delay; use it as the offset.
    clockOffset = Math.min(name === "snapshot" ? Infinity : clockOffset, arrival - Date.parse(now));
    const age = arrival - clockOffset - Date.parse(now);
    // A snapshot says nothing about when its changes happened. So it is late if no event came for a minute before it.
    return name === "snapshot" ? silence > LATE_MS : age > LATE_MS;
  };
}
