// Everything that asks: is that so, who, what did they say, which key. One question at a time, on top of the board.

import { call, Refused, shiftPath } from "./api.js";
import { h, place, say } from "./dom.js";
import { count, nameOf, number } from "./words.js";

/**
 * Open a dialog around `content` and wait. `carryOut` runs when the main button is pressed; the dialog stays, with
 * the reason, if that was refused. Gives what `carryOut` gave, or undefined if the person thought better of it.
 */
function open({ title, content, action, keep = "Go back", danger = false, carryOut }) {
  return new Promise((resolve) => {
    let result;
    const refusal = h("p", { class: "refusal", role: "alert" });
    const confirm = h("button", { type: "submit", class: danger ? "danger" : "primary" }, action);
    const back = keep && h("button", { type: "button", onclick: () => dialog.close() }, keep);
    const form = h("form", {}, h("h2", { id: "dialog-title" }, title), content, refusal, h("p", { class: "choices" }, back, confirm));
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      confirm.disabled = true;
      say(refusal, "");
      try {
        result = await carryOut();
        dialog.close();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        say(refusal, error.message);
      } finally {
        confirm.disabled = false;
      }
    });
    if (!keep) dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Ask once before something that can't be undone. */
export const confirmed = (title, text, action, carryOut, danger = false) =>
  open({ title, content: h("p", {}, text), action, danger, carryOut: async () => (await carryOut()) ?? true });

/** Ask for the key of the service until there is one. */
export function askForKey(wrong) {
  const field = h("input", { type: "password", autocomplete: "off", required: true, id: "key" });
  const content = [
    h("p", {}, wrong ? "The service did not take that key." : "This service wants a key. It is kept until you close this tab."),
    h("label", { for: "key" }, "Key"),
    field,
  ];
  return open({ title: "Key needed", content, action: "Open the board", keep: null, carryOut: async () => field.value.trim() });
}

const SHOWN = 100;

/** Choose somebody of the shift's role and assign the shift to them. */
export async function assign({ shift }, label) {
  const find = h("input", { type: "search", id: "who-find", autocomplete: "off", placeholder: "Type part of a name" });
  const list = h("select", { id: "who", size: 8, required: true });
  const note = h("p", { class: "note", role: "status" }, "Loading the roster…");
  let people = [];

  function show() {
    const wanted = find.value.trim().toLowerCase();
    const found = people.filter((one) => `${one.name} ${one.id}`.toLowerCase().includes(wanted));
    place(list, found.slice(0, SHOWN).map((one) => h("option", { value: one.id }, one.opted_out ? `${one.name} (no messages)` : one.name)));
    if (found.length === 1) list.value = found[0].id;
    const whole = count(found.length, `${shift.role_required}`, `${shift.role_required}s`);
    say(note, found.length > SHOWN ? `${number(SHOWN)} of ${whole} shown: type part of a name.` : whole);
  }

  find.addEventListener("input", show);
  const content = [
    h("p", {}, `${label} is given to the one you choose. They are told by text.`),
    h("label", { for: "who-find" }, "Find"), find,
    h("label", { for: "who" }, "Caregiver"), list, note,
  ];
  const done = open({
    title: "Assign by hand",
    content,
    action: "Assign",
    carryOut: () => call("POST", shiftPath(shift.id, "/assign"), { caregiver_id: list.value }),
  });
  try {
    people = await ofRole(shift);
    show();
  } catch (error) {
    say(note, error.message);
  }
  return done;
}

/** Everybody on the roster who has the role and works for the organization, by name. */
async function ofRole(shift) {
  const fold = (role) => role.trim().toLowerCase();
  const found = [];
  let after = "";
  do {
    const page = await call("GET", `/caregivers?limit=1000&after=${encodeURIComponent(after)}`);
    found.push(
      ...page.items.filter(
        (one) =>
          fold(one.role) === fold(shift.role_required) &&
          (one.organization_id === null || one.organization_id === shift.organization_id),
      ),
    );
    after = page.next;
  } while (after !== null);
  return found.sort((one, other) => one.name.localeCompare(other.name));
}

/** Write down what somebody said on the phone: the same command as an inbound reply. Gives the service's answer. */
export function recordAnswer({ shift }, person, label) {
  // Made once per question, so that trying again is the same answer and not a second one.
  const id = `board-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const said = h("textarea", { id: "said", rows: 3, maxlength: 1600, disabled: true });
  const choice = (value, words, checked = false) =>
    h("label", { class: "choice" }, h("input", { type: "radio", name: "answer", value, checked, onchange: chosen }), words);
  const choices = h(
    "fieldset", {},
    h("legend", {}, "What did they say?"),
    choice("YES", "Yes, they take the shift", true),
    choice("NO", "No"),
    choice("", "In their own words:"),
    h("label", { class: "unseen", for: "said" }, "Their own words"), said,
  );
  const answer = () => choices.querySelector("input:checked").value;
  function chosen() {
    said.disabled = answer() !== "";
    said.required = !said.disabled;
    if (!said.disabled) said.focus();
  }
  return open({
    title: `${nameOf(person)} on the phone`,
    content: [h("p", {}, `About ${label}.`), choices],
    action: "Record",
    carryOut: () =>
      call("POST", "/messages/inbound", {
        from: person.phone,
        body: answer() || said.value,
        channel: "voice",
        message_id: id,
        shift_id: shift.id,
      }),
  });
}
