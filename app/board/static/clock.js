// The service's time. The browser's own clock may be wrong, so only how far it moves is used.

let server = 0;
let local = 0;
let rate = 1;
let seen = 1;

/** The service has just said that it is `now` (RFC 3339). */
export function sync(now) {
  const [said, at] = [Date.parse(now), performance.now()];
  if (server && at - local < 500) return;
  // A demo's time runs faster. Twice the same speed is one; once is a computer that was asleep.
  const before = seen;
  seen = server ? (said - server) / (at - local) : 1;
  rate = seen > 1.5 && Math.abs(seen / before - 1) < 0.25 ? seen : 1;
  [server, local] = [said, at];
}

/** Milliseconds since 1970, as the service has it. */
export function serverNow() {
  return server + (performance.now() - local) * rate;
}

/** From now until then as 7:05 or 1:02:03; null once it has passed. */
export function countdown(until) {
  const left = Math.ceil((Date.parse(until) - serverNow()) / 1000);
  if (left <= 0) return null;
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
