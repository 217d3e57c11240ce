// Modal dialogs: asks for a confirmation or for input and runs the action while the dialog is open.

import { h, setText } from "./dom.js";

/** A request failed or was refused. The message is a sentence for the coordinator. */
export class Refused extends Error {
  /** `status` is that of the service's answer; undefined if there was none. */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

let dialogCount = 0;

/**
 * Opens a dialog. `title` and `content` are children for `h`. The main button runs `onConfirm`; if that throws Refused, the dialog stays open and
 * shows the reason. Resolves to the result of `onConfirm`, or to undefined if the dialog was cancelled.
 * `cancelLabel` null: the dialog cannot be cancelled.
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

/** Asks before an action that cannot be undone. Resolves to a truthy value if it was carried out. */
export const confirmAction = (title, text, confirmLabel, onConfirm, danger = false) =>
  openDialog({ title, content: h("p", {}, text), confirmLabel, danger, onConfirm: async () => (await onConfirm()) ?? true });
