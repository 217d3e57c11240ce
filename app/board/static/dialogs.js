// What asks for more than a yes: who is assigned, what somebody said on the phone.

import { call, shiftPath } from "./api.js";
import { ask } from "./ask.js";
import { h, place, say } from "./dom.js";
import { count, nameOf, number } from "./words.js";

const SHOWN = 100;

/** Choose somebody of the shift's role and assign the shift to them. */
export async function assign({ shift }, label) {
  const find = h("input", { type: "search", id: "who-find", autocomplete: "off", placeholder: "Type part of a name" });
  const list = h("select", { id: "who", size: 8, required: true });
  const note = h("p", { class: "note", role: "status" }, "Loading the roster…");
  let people = [];

  function show() {
    const wanted = find.value.trim().toLowerCase();
    const found = people.filter((one) => `${one.name} ${one.id} ${one.phone}`.toLowerCase().includes(wanted));
    place(list, found.slice(0, SHOWN).map((one) => h("option", { value: one.id }, `${one.name}, ${one.phone}${one.opted_out ? " (no messages)" : ""}`)));
    if (found.length === 1) list.value = found[0].id;
    const whole = count(found.length, `${shift.role_required}`, `${shift.role_required}s`);
    say(note, found.length > SHOWN ? `${number(SHOWN)} of ${whole} shown: type part of a name.` : whole);
  }

  find.addEventListener("input", show);
  const content = [
    h("p", {}, `The one you choose gets ${label}, and is told by text.`),
    h("label", { for: "who-find" }, "Find"), find,
    h("label", { for: "who" }, "Caregiver"), list, note,
  ];
  const done = ask({
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
  // None is chosen beforehand: a wrong yes puts somebody on a shift who is not coming.
  const choice = (value, words) =>
    h("label", { class: "choice" }, h("input", { type: "radio", name: "answer", value, required: true, onchange: chosen }), words);
  const choices = h(
    "fieldset", {},
    h("legend", {}, "What did they say?"),
    choice("YES", "Yes, they take the shift"),
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
  return ask({
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
