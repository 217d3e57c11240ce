// What can be done with a shift as a whole: start, stop, assign, release. Each is asked about once.

import { call, shiftPath } from "./api.js";
import { confirmed } from "./ask.js";
import { assign } from "./dialogs.js";
import * as words from "./words.js";

/** the shift RN, Quincy 02169, Mon, Mar 1, 7:00 AM – 3:00 PM EST */
export const label = ({ shift }) => `the shift ${words.inFull(shift)}`;

const path = ({ shift }, rest) => shiftPath(shift.id, rest);

/** `carryOut` gets the detail as it is by then, and gives something if it was done. */
const ACTIONS = [
  {
    text: "Start asking",
    kind: "primary",
    fits: ({ holder, fanout }) => !holder && (!fanout || fanout.status === "cancelled"),
    carryOut: (detail) =>
      confirmed(
        "Start asking?",
        `Every qualified caregiver is texted about ${label(detail)}, and called if nobody accepts in time. A text can't be taken back.`,
        "Start asking",
        () => call("POST", path(detail, "/fanout")),
      ),
  },
  {
    text: "Stop asking",
    kind: "danger",
    fits: words.claimable,
    carryOut: (detail) =>
      confirmed(
        "Stop asking?",
        `Nobody else is texted or called about ${label(detail)}, and a yes no longer wins it.`,
        "Stop asking",
        () => call("DELETE", path(detail, "/fanout")),
        true,
      ),
  },
  {
    text: "Release",
    kind: "danger",
    fits: ({ holder }) => holder !== null,
    carryOut: ({ shift, holder }) =>
      confirmed(
        `Release ${words.nameOf(holder)}?`,
        `${words.nameOf(holder)} is told that ${label({ shift })} is no longer theirs, and it is open again.`,
        "Release",
        // Whoever has got the shift while the question was open is not meant.
        () => call("POST", path({ shift }, "/release"), { caregiver_id: holder.caregiver_id }),
        true,
      ),
  },
  {
    text: "Assign by hand",
    kind: "plain",
    fits: ({ holder }) => holder === null,
    carryOut: (detail) => assign(detail, label(detail)),
  },
];

/** The actions { text, kind, carryOut } that fit the shift in detail. */
export const actionsOn = (detail) => ACTIONS.filter((one) => one.fits(detail));
