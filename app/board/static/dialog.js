// Questions on top of the board, one at a time: is that so, which key.

import { h, setText } from "./dom.js";

/** Something that was not done; the message is fit to be shown. */
export class Refused extends Error {}

let dialogCount = 0;

/**
 * Open a dialog around `content` and wait. `onConfirm` runs when the main button is pressed; the dialog stays, with
 * the reason, if that was refused. Gives what `onConfirm` gave, or undefined if the person thought better of it.
 */
export function openDialog({ title, content, confirmLabel, cancelLabel = "Go back", danger = false, onConfirm }) {
  return new Promise((resolve) => {
    let result;
    const titleId = `question-${(dialogCount += 1)}`;
    const refusal = h("p", { class: "refusal", role: "alert" });
    const confirm = h("button", { type: "submit", class: danger ? "danger" : "primary" }, confirmLabel);
    const cancel = cancelLabel && h("button", { type: "button", onclick: () => dialog.close() }, cancelLabel);
    const form = h("form", {}, h("h2", { id: titleId }, title), content, refusal, h("p", { class: "choices" }, cancel, confirm));
    const dialog = h("dialog", { "aria-labelledby": titleId }, form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      confirm.disabled = true;
      setText(refusal, "");
      try {
        result = await onConfirm();
        dialog.close();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        setText(refusal, error.message);
      } finally {
        confirm.disabled = false;
      }
    });
    if (!cancelLabel) dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Ask once before something that can't be undone. */
export const confirmAction = (title, text, confirmLabel, onConfirm, danger = false) =>
  openDialog({ title, content: h("p", {}, text), confirmLabel, danger, onConfirm: async () => (await onConfirm()) ?? true });
