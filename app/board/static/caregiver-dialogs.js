// The dialogs about one caregiver: assign a shift by hand, record what a caregiver said on the phone.

import { request, shiftPath } from "./api.js";
import { openDialog } from "./dialog.js";
import { h, setChildren, setText } from "./dom.js";
import { countOf, formatNumber } from "./format.js";
import { caregiverName, isolateInText, phrase } from "./phrases.js";

const MAX_OPTIONS = 100;

/** Lets the coordinator choose a caregiver and assigns the shift. Resolves to undefined if cancelled. */
export async function assignCaregiver({ shift }, shiftText) {
  const search = h("input", { type: "search", id: "who-find", autocomplete: "off", placeholder: "Type part of a name" });
  const select = h("select", { id: "who", size: 8, required: true });
  const note = h("p", { class: "note", role: "status" }, "Loading the roster…");
  let candidates = [];

  function showMatches() {
    const query = search.value.trim().toLowerCase();
    const found = candidates.filter(({ name, id, phone }) => `${name} ${id} ${phone}`.toLowerCase().includes(query));
    setChildren(select, found.slice(0, MAX_OPTIONS).map(option));
    if (found.length === 1) select.value = found[0].id;
    const total = countOf(found.length, `${shift.role_required}`, `${shift.role_required}s`);
    setText(note, found.length > MAX_OPTIONS ? `${formatNumber(MAX_OPTIONS)} of ${total} shown: type part of a name.` : total);
  }

  const option = ({ id, name, phone, opted_out }) => h("option", { value: id }, `${isolateInText(name)}, ${phone}${opted_out ? " (opted out)" : ""}`);

  search.addEventListener("input", showMatches);
  const content = [
    h("p", {}, phrase`The one you choose gets ${shiftText}, and is told by text unless they have opted out.`),
    h("label", { for: "who-find" }, "Find"), search,
    h("label", { for: "who" }, "Caregiver"), select, note,
  ];
  const assigned = openDialog({
    title: "Assign by hand",
    content,
    confirmLabel: "Assign",
    onConfirm: () => request("POST", shiftPath(shift.id, "/assign"), { caregiver_id: select.value }),
  });
  try {
    candidates = await loadCandidates(shift);
    showMatches();
  } catch (error) {
    setText(note, error.message);
  }
  return assigned;
}

/** Returns the caregivers who have the shift's role and may work for its organization, by name. */
async function loadCandidates(shift) {
  const roleKey = (role) => role.trim().toLowerCase();
  const found = [];
  let after = "";
  do {
    const page = await request("GET", `caregivers?limit=1000&after=${encodeURIComponent(after)}`);
    found.push(
      ...page.items.filter(
        ({ role, organization_id }) =>
          roleKey(role) === roleKey(shift.role_required) && (organization_id === null || organization_id === shift.organization_id),
      ),
    );
    after = page.next;
  } while (after !== null);
  return found.sort((one, other) => one.name.localeCompare(other.name));
}

/**
 * Records what a caregiver said on the phone, as an inbound message on the voice channel. Resolves to the service's
 * answer, or to undefined if cancelled.
 */
export function recordAnswer({ shift }, caregiver, shiftText) {
  // One id per dialog: the service answers a repeated request with the stored answer and does nothing twice.
  const messageId = `board-${randomHex()}`;
  const ownWords = h("textarea", { id: "said", rows: 3, maxlength: 1600, disabled: true });
  // No answer is preselected: a wrong yes puts a caregiver on the shift who is not coming.
  const choice = (value, text) =>
    h("label", { class: "choice" }, h("input", { type: "radio", name: "answer", value, required: true, onchange: enableOwnWords }), text);
  const choices = h(
    "fieldset", {},
    h("legend", {}, "What did they say?"),
    choice("YES", "Yes, they take the shift"),
    choice("NO", "No"),
    choice("", "In their own words:"),
    h("label", { class: "visually-hidden", for: "said" }, "Their own words"), ownWords,
  );
  const chosen = () => choices.querySelector("input:checked").value;
  function enableOwnWords() {
    ownWords.disabled = chosen() !== "";
    ownWords.required = !ownWords.disabled;
    if (!ownWords.disabled) ownWords.focus();
  }
  return openDialog({
    title: phrase`${caregiverName(caregiver)} on the phone`,
    content: [h("p", {}, phrase`About ${shiftText}.`), choices],
    confirmLabel: "Record",
    onConfirm: () =>
      request("POST", "messages/inbound", {
        from: caregiver.phone,
        body: chosen() || ownWords.value,
        channel: "voice",
        message_id: messageId,
        shift_id: shift.id,
      }),
  });
}

const randomHex = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
