// The key of the service: asks for it when the service refuses a request without it, and keeps it for the tab.

import { h } from "./dom.js";
import { openDialog, Refused } from "./dialog.js";

const STORAGE_KEY = "shift-fanout-key";

/** Returns the headers that every request needs. The key is kept until the tab is closed. */
export function authHeaders() {
  const key = sessionStorage.getItem(STORAGE_KEY);
  // `fetch` throws if the header has an invalid character. Send no key instead: the 401 then makes the page ask again.
  return key && isSendable(key) ? { authorization: `Bearer ${key}` } : {};
}

let isAsking = false;

/**
 * Asks for the key, with one dialog for all requests that were refused, and then loads the page again. `refused` is the
 * `authorization` header that the service refused, or undefined. The promise never resolves.
 *
 * What the page shows is taken away first: whoever has no valid key must not go on reading names and numbers.
 */
export function requestKey(refused) {
  if (!isAsking) {
    isAsking = true;
    document.title = "Shift board";
    document.body.replaceChildren();
    openKeyDialog(refused !== undefined).then((key) => {
      sessionStorage.setItem(STORAGE_KEY, key);
      location.reload();
    });
  }
  return new Promise(() => {});
}

/** Whether the key can be sent in a header: printable ASCII, as the service requires of every key. */
const isSendable = (key) => /^[!-~]([ -~]*[!-~])?$/.test(key);

/** Opens the dialog that asks for the key. It cannot be cancelled. */
function openKeyDialog(wasRefused) {
  const field = h("input", { type: "password", autocomplete: "off", required: true, id: "key" });
  const content = [
    h("p", {}, wasRefused ? "The service refused that key." : "This service needs a key. It is kept until you close this tab."),
    h("label", { for: "key" }, "Key"),
    field,
  ];
  const onConfirm = async () => {
    const key = field.value.trim();
    if (!isSendable(key)) throw new Refused("That is not a key: a key has only ASCII letters, digits and punctuation. Copy it again.");
    return key;
  };
  return openDialog({ title: "Key needed", content, confirmLabel: "Continue", cancelLabel: null, onConfirm });
}
