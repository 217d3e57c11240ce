// The service's time. The browser's clock may be wrong, so only the time elapsed since the last event is taken from it.

let lastServerMs = 0;
let lastLocalMs = 0;
let rate = 1;
let lastMeasuredRate = 1;

/**
 * Sets the clock to `now` (RFC 3339), the time in an event that has just arrived. Does nothing within 500 ms of
 * the last call that set the clock.
 */
export function sync(now) {
  const [serverMs, localMs] = [Date.parse(now), performance.now()];
  if (lastServerMs && localMs - lastLocalMs < 500) return;
  // In the demo the service's time runs faster. Two similar measurements in a row show that; a single high one means
  // that this computer was asleep.
  const measuredBefore = lastMeasuredRate;
  lastMeasuredRate = lastServerMs ? (serverMs - lastServerMs) / (localMs - lastLocalMs) : 1;
  rate = lastMeasuredRate > 1.5 && Math.abs(lastMeasuredRate / measuredBefore - 1) < 0.25 ? lastMeasuredRate : 1;
  [lastServerMs, lastLocalMs] = [serverMs, localMs];
}

/** Returns the service's time in milliseconds since 1970. */
export function serverNow() {
  return lastServerMs + (performance.now() - lastLocalMs) * rate;
}

/** Returns the time left until `until` as 7:05 or 1:02:03, or null once that time has passed. */
export function countdown(until) {
  const left = Math.ceil((Date.parse(until) - serverNow()) / 1000);
  if (left <= 0) return null;
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const twoDigits = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${twoDigits(minutes)}:${twoDigits(seconds)}` : `${minutes}:${twoDigits(seconds)}`;
}
