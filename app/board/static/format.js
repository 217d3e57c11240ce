// Times, dates and numbers as the board writes them, always in the zone of the shift and never in the browser's.

import { serverNow } from "./clock.js";

let defaultZone = "UTC";

/** Sets the zone for shifts that have none of their own. It comes with every event that has rows. */
export function setDefaultZone(name) {
  defaultZone = supportedZone(name);
}

const formatters = new Map();

function format(kind, zone, options, locale = "en-US") {
  const key = `${kind} ${zone}`;
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }));
  return formatters.get(key);
}

const supportedZones = new Map();

/** Returns the zone, or "UTC" if the browser does not know it: its list of zones may be older than the service's. */
function supportedZone(zone) {
  if (!supportedZones.has(zone)) {
    try {
      new Intl.DateTimeFormat("en-US", { timeZone: zone });
      supportedZones.set(zone, zone);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      supportedZones.set(zone, "UTC");
    }
  }
  return supportedZones.get(zone);
}

const HOUR_AND_MINUTE = { hour: "numeric", minute: "2-digit" };

export const zoneOf = (shift) => (shift.time_zone === null ? defaultZone : supportedZone(shift.time_zone));

/** Monday, March 1, 2027 */
export const longDate = (time, zone) =>
  format("long date", zone, { weekday: "long", month: "long", day: "numeric", year: "numeric" }).format(new Date(time));

/** 2027-03-01, the form of a date field. */
export const isoDate = (time, zone) =>
  // The Swedish locale writes dates like this.
  format("iso date", zone, { year: "numeric", month: "2-digit", day: "2-digit" }, "sv-SE").format(new Date(time));

/** Mon, Mar 1 */
export const shortDate = (time, zone) =>
  format("short date", zone, { weekday: "short", month: "short", day: "numeric" }).format(new Date(time));

/** 7:00 AM */
export const timeOfDay = (time, zone) => format("minutes", zone, HOUR_AND_MINUTE).format(new Date(time));

/** 7:00:09 AM */
export const timeWithSeconds = (time, zone) =>
  format("seconds", zone, { ...HOUR_AND_MINUTE, second: "2-digit" }).format(new Date(time));

/** EST */
export const zoneName = (time, zone) =>
  format("zone", zone, { timeZoneName: "short" }).formatToParts(new Date(time)).find((part) => part.type === "timeZoneName").value;

/** 7:00 AM EST, or Mon, Mar 1, 7:00 AM EST if that is not today. */
export function timeUnlessToday(time, zone) {
  const isToday = shortDate(serverNow(), zone) === shortDate(time, zone);
  return `${isToday ? "" : `${shortDate(time, zone)}, `}${timeOfDay(time, zone)} ${zoneName(time, zone)}`;
}

/** 7:00:09 AM EST, in the zone of the service. */
export const serviceTime = (time) => `${timeWithSeconds(time, defaultZone)} ${zoneName(time, defaultZone)}`;

/** The service's current time: 7:00:09 AM EST */
export const currentServiceTime = () => serviceTime(serverNow());

/**
 * 7:00 AM – 3:00 PM EST. The date of the end is added if the shift ends on another day, and the zone of the start if
 * the clocks change during the shift.
 */
export function shiftHours(shift) {
  const zone = zoneOf(shift);
  const { start_time: start, end_time: end } = shift;
  const endDay = longDate(start, zone) === longDate(end, zone) ? "" : ` (ends ${shortDate(end, zone)})`;
  const [zoneAtStart, zoneAtEnd] = [zoneName(start, zone), zoneName(end, zone)];
  return `${timeOfDay(start, zone)}${zoneAtStart === zoneAtEnd ? "" : ` ${zoneAtStart}`} – ${timeOfDay(end, zone)} ${zoneAtEnd}${endDay}`;
}

export const formatNumber = (value) => value.toLocaleString("en-US");

/** 1 caregiver, 2 caregivers */
export const countOf = (value, singular, plural = `${singular}s`) => `${formatNumber(value)} ${value === 1 ? singular : plural}`;

/** 8 AM, for an hour from 0 to 23 */
export const hourOfDay = (hour) => `${hour % 12 || 12} ${hour < 12 ? "AM" : "PM"}`;

/** 45 s, 2 min 5 s, 12 min, 1 h 3 min. Seconds are left out from ten minutes on. A number and its unit stay on one line. */
export function duration(seconds) {
  const whole = seconds < 600 ? Math.round(seconds) : Math.round(seconds / 60) * 60;
  const parts = [[Math.floor(whole / 3600), "h"], [Math.floor(whole / 60) % 60, "min"], [whole % 60, "s"]].filter(([value]) => value);
  return (parts.length ? parts : [[0, "s"]]).map(([value, unit]) => `${formatNumber(value)}\u00a0${unit}`).join(" ");
}
