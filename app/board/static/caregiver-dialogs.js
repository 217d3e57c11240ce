// The dialogs about one caregiver: assign a shift by hand, record what a caregiver said on the phone, text them.

import { request, shiftPath } from "./api.js";
import { knownCandidates, loadCandidates } from "./candidates.js";
import { openDialog, Refused } from "./dialog.js";
import { h, setChildren, setText } from "./dom.js";
import { fold } from "./fold.js";
import { countOf, formatNumber } from "./format.js";
import { caregiverName, isolateInText, phrase } from "./phrases.js";

const MAX_OPTIONS = 100;

/** Lets the coordinator choose a caregiver and assigns the shift. Resolves to undefined if cancelled. */
export async function assignCaregiver(detail, shiftText) {
  const { shift } = detail;
  const search = h("input", { type: "search", id: "who-find", autocomplete: "off", placeholder: "Type part of a name or number" });
  const select = h("select", { id: "who", size: 10, required: true });
  const note = h("p", { class: "note", role: "status" });
  let candidates = knownCandidates(detail);

  function showMatches() {
    const query = fold(search.value);
    const found = candidates.filter(({ name, id, phone }) => fold(`${name} ${id} ${phone}`).includes(query));
    const chosen = select.value;
    setChildren(select, groups(found.slice(0, MAX_OPTIONS)));
    select.value = found.length === 1 ? found[0].id : chosen;
    const total = countOf(found.length, `${shift.role_required}`, `${shift.role_required}s`);
    setText(note, found.length > MAX_OPTIONS ? `The ${formatNumber(MAX_OPTIONS)} likeliest of ${total} are shown: type part of a name.` : total);
  }

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
  showMatches();
  setText(note, "Loading the whole roster…");
  try {
    candidates = await loadCandidates(detail);
    showMatches();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    setText(note, error.message);
  }
  return assigned;
}

/** Creates the options of these candidates, under a heading for each group. A screen reader reads the heading too. */
function groups(candidates) {
  const elements = new Map();
  for (const candidate of candidates) {
    const { id, name, phone, group, others } = candidate;
    if (!elements.has(group)) elements.set(group, h("optgroup", { label: group }));
    const facts = others.map((label) => ` – ${label.charAt(0).toLowerCase()}${label.slice(1)}`);
    elements.get(group).append(h("option", { value: id }, `${isolateInText(name)}, ${phone}`, facts));
  }
  return [...elements.values()];
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
        // Empty: the owner of the key. So the service knows that it is not the caregiver's own call.
        recorded_by: "",
      }),
  });
}

/** The longest text that the service takes. */
const MAX_TEXT_LENGTH = 306;

/** Lets the coordinator text a caregiver in their own words. Resolves to undefined if cancelled. */
export function writeText({ shift }, caregiver, shiftText) {
  const words = h("textarea", { id: "words", rows: 4, maxlength: MAX_TEXT_LENGTH, required: true });
  return openDialog({
    title: phrase`Text to ${caregiverName(caregiver)}`,
    content: [
      h("p", {}, phrase`About ${shiftText}. Name the shift: they may have several. The log says that you wrote.`),
      h("label", { for: "words" }, "Your words"), words,
    ],
    confirmLabel: "Send",
    onConfirm: () => request("POST", shiftPath(shift.id, "/messages"), { caregiver_id: caregiver.caregiver_id, body: words.value }),
  });
}

const randomHex = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
