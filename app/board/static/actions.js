// The actions on a shift: start asking, stop asking, assign, release. Each opens a dialog first.

import { request, shiftPath } from "./api.js";
import { assignCaregiver } from "./caregiver-dialogs.js";
import { confirmAction } from "./dialog.js";
import { hasEnded, isClaimable } from "./labels.js";
import { caregiverName, phrase, shiftSummary } from "./phrases.js";

/** Returns for example “the shift RN, Quincy 02169, Mon, Mar 1, 7:00 AM – 3:00 PM EST”. */
export const describeShift = ({ shift }) => phrase`the shift ${shiftSummary(shift)}`;

/**
 * `run(detail)` performs the action on the detail shown when the button is pressed. It resolves to a truthy value if
 * the action was carried out.
 */
const ACTIONS = [
  {
    label: "Start asking",
    kind: "primary",
    applies: ({ shift, holder, fanout }) =>
      !holder &&
      (!fanout || fanout.status === "cancelled" || (fanout.status === "expired" && !hasEnded(shift))),
    run: (detail) =>
      confirmAction(
        "Start asking?",
        phrase`Every qualified caregiver is texted about ${describeShift(detail)}, and called if nobody accepts in time. A text can't be taken back.`,
        "Start asking",
        () => request("POST", shiftPath(detail.shift.id, "/fanout")),
      ),
  },
  {
    label: "Urgent: send now",
    kind: "primary",
    applies: ({ holder, fanout, held = [] }) => isClaimable({ holder, fanout }) && held.some(({ reason }) => reason === "quiet_hours"),
    run: (detail) =>
      confirmAction(
        "Send now?",
        phrase`Caregivers for whom it is night are texted and called about ${describeShift(detail)} now. The log says who asked for it.`,
        "Send now",
        () => request("POST", shiftPath(detail.shift.id, "/fanout"), { urgent: true }),
      ),
  },
  {
    label: "Stop asking",
    kind: "danger",
    applies: isClaimable,
    run: (detail) =>
      confirmAction(
        "Stop asking?",
        phrase`Nobody else is texted or called about ${describeShift(detail)}, and a yes no longer wins it.`,
        "Stop asking",
        // If somebody has started the next generation since the dialog opened, the service refuses.
        () => request("DELETE", shiftPath(detail.shift.id, `/fanout?generation=${detail.fanout.generation}`)),
        true,
      ),
  },
  {
    label: "Release",
    kind: "danger",
    applies: ({ holder }) => holder !== null,
    run: ({ shift, holder }) =>
      confirmAction(
        phrase`Release ${caregiverName(holder)}?`,
        phrase`${caregiverName(holder)} is told that ${describeShift({ shift })} is no longer theirs, and it is open again.`,
        "Release",
        // The id makes the service refuse if another caregiver has got the shift since the dialog opened.
        () => request("POST", shiftPath(shift.id, "/release"), { caregiver_id: holder.caregiver_id }),
        true,
      ),
  },
  {
    label: "Assign by hand",
    kind: "plain",
    applies: ({ holder }) => holder === null,
    run: (detail) => assignCaregiver(detail, describeShift(detail)),
  },
];

/** Whether the key may change something. An older service does not say so. */
export const mayChange = ({ may_change = true }) => may_change;

/** Returns the actions { label, kind, run } that apply to the shift in its current state, none if the key may only read. */
export const actionsFor = (detail) => (mayChange(detail) ? ACTIONS.filter((action) => action.applies(detail)) : []);
