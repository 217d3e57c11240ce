// Questions on top of the board, one at a time: is that so, which key.

import { h, say } from "./dom.js";

/** Something that was not done; the message is fit to be shown. */
export class Refused extends Error {}

let asked = 0;

/**
 * Open a dialog around `content` and wait. `carryOut` runs when the main button is pressed; the dialog stays, with
 * the reason, if that was refused. Gives what `carryOut` gave, or undefined if the person thought better of it.
 */
export function ask({ title, content, action, keep = "Go back", danger = false, carryOut }) {
  return new Promise((resolve) => {
    let result;
    const name = `question-${(asked += 1)}`;
    const refusal = h("p", { class: "refusal", role: "alert" });
    const confirm = h("button", { type: "submit", class: danger ? "danger" : "primary" }, action);
    const back = keep && h("button", { type: "button", onclick: () => dialog.close() }, keep);
    const form = h("form", {}, h("h2", { id: name }, title), content, refusal, h("p", { class: "choices" }, back, confirm));
    const dialog = h("dialog", { "aria-labelledby": name }, form);
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
  ask({ title, content: h("p", {}, text), action, danger, carryOut: async () => (await carryOut()) ?? true });

/** Whether the key can stand in a header, as every key of the service can: printable ASCII. */
export const sendable = (key) => /^[!-~]([ -~]*[!-~])?$/.test(key);

/** Ask for the key of the service until there is one. */
export function askForKey(wrong) {
  const field = h("input", { type: "password", autocomplete: "off", required: true, id: "key" });
  const content = [
    h("p", {}, wrong ? "The service did not take that key." : "This service wants a key. It is kept until you close this tab."),
    h("label", { for: "key" }, "Key"),
    field,
  ];
  const carryOut = async () => {
    const key = field.value.trim();
    if (!sendable(key)) throw new Refused("That is not a key: it has a character that is no plain letter, digit or sign. Copy it anew.");
    return key;
  };
  return ask({ title: "Key needed", content, action: "Open the board", keep: null, carryOut });
}
