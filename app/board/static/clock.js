// The service's time. The browser's own clock may be wrong, so only how far it moves is used.

let lastServerMs = 0;
let lastLocalMs = 0;
let rate = 1;
let lastMeasuredRate = 1;

/** The service has just said that it is `now` (RFC 3339). */
export function sync(now) {
  const [serverMs, localMs] = [Date.parse(now), performance.now()];
  if (lastServerMs && localMs - lastLocalMs < 500) return;
  // A demo's time runs faster. Twice the same speed is one; once is a computer that was asleep.
  const measuredBefore = lastMeasuredRate;
  lastMeasuredRate = lastServerMs ? (serverMs - lastServerMs) / (localMs - lastLocalMs) : 1;
  rate = lastMeasuredRate > 1.5 && Math.abs(lastMeasuredRate / measuredBefore - 1) < 0.25 ? lastMeasuredRate : 1;
  [lastServerMs, lastLocalMs] = [serverMs, localMs];
}

/** Milliseconds since 1970, as the service has it. */
export function serverNow() {
  return lastServerMs + (performance.now() - lastLocalMs) * rate;
}

/** From now until then as 7:05 or 1:02:03; null once it has passed. */
export function countdown(until) {
  const left = Math.ceil((Date.parse(until) - serverNow()) / 1000);
  if (left <= 0) return null;
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const twoDigits = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${twoDigits(minutes)}:${twoDigits(seconds)}` : `${minutes}:${twoDigits(seconds)}`;
}
