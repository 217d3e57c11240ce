// The key of the service: kept for the tab, asked for when the service wants it.

import { h } from "./dom.js";
import { openDialog, Refused } from "./dialog.js";

const STORAGE_KEY = "shift-fanout-key";

/** The headers of every request. The key lives as long as the tab. */
export function authHeaders() {
  const key = sessionStorage.getItem(STORAGE_KEY);
  // One that cannot be sent would make every request fail before it left, with nobody to ask for another.
  return key && isSendable(key) ? { authorization: `Bearer ${key}` } : {};
}

let pending = null;

/** Ask for the key, once however many requests want it; `refused` is the key the service did not take. */
export function requestKey(refused) {
  if (authHeaders().authorization !== refused) return Promise.resolve();
  pending ??= openKeyDialog(refused !== undefined).then((key) => {
    if (key) sessionStorage.setItem(STORAGE_KEY, key);
    pending = null;
  });
  return pending;
}

/** Whether the key can stand in a header, as every key of the service can: printable ASCII. */
const isSendable = (key) => /^[!-~]([ -~]*[!-~])?$/.test(key);

/** Ask for the key of the service until there is one. */
function openKeyDialog(wasRefused) {
  const field = h("input", { type: "password", autocomplete: "off", required: true, id: "key" });
  const content = [
    h("p", {}, wasRefused ? "The service did not take that key." : "This service wants a key. It is kept until you close this tab."),
    h("label", { for: "key" }, "Key"),
    field,
  ];
  const onConfirm = async () => {
    const key = field.value.trim();
    if (!isSendable(key)) throw new Refused("That is not a key: it has a character that is no plain letter, digit or sign. Copy it anew.");
    return key;
  };
  return openDialog({ title: "Key needed", content, confirmLabel: "Open the board", cancelLabel: null, onConfirm });
}
