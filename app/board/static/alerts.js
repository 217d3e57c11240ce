// Alerts for coordinators who look elsewhere: a sound and a desktop notification. Both are off until they are chosen.

import { openDialog, Refused } from "./dialog.js";
import { h, setText } from "./dom.js";
import { plainText } from "./phrases.js";
import { playSound, soundIsBlocked, unblockSound } from "./sound.js";

const STORAGE_KEY = "shift-fanout-alerts";
const NONE = { sound: false, notification: false };
const TITLES = { person: "Needs a person", fill: "Shift filled" };

/** Builds the alerts in `elements`: `alerts` is the button that opens their dialog. `open(shiftId)` shows a shift. */
export function createAlerts({ alerts: button }, open) {
  let chosen = readChoice();

  button.addEventListener("click", choose);
  // The choice is the browser's, so another tab may have changed it.
  addEventListener("storage", () => {
    chosen = readChoice();
    showState();
  });
  // Browsers let a page play sounds only after its user has clicked or pressed a key in it.
  for (const use of ["pointerdown", "keydown"]) {
    addEventListener(use, () => {
      if (chosen.sound) unblockSound().then(showState);
    });
  }
  showState();

  function showState() {
    const isOn = chosen.sound || chosen.notification;
    setText(button, !isOn ? "Alerts: off" : chosen.sound && soundIsBlocked() ? "Alerts: click here for sound" : "Alerts: on");
  }

  async function choose() {
    const sound = checkbox("Play a sound", chosen.sound);
    const notification = checkbox("Show a desktop notification while you look at something else", chosen.notification);
    const text = "When a shift is filled, or needs a person. The choice is for this browser.";
    await openDialog({
      title: "Alerts",
      content: [h("p", {}, text), sound.label, notification.label],
      confirmLabel: "Save",
      async onConfirm() {
        if (notification.input.checked) await requestPermission();
        chosen = { sound: sound.input.checked, notification: notification.input.checked };
        saveChoice(chosen);
        if (!chosen.sound) return;
        await unblockSound();
        playSound("fill");
      },
    });
    showState();
  }

  return {
    /** Alerts a coordinator to the announcement { id, kind, content } of a shift, unless it is a mere note. */
    alert({ id, kind, content }) {
      if (!(kind in TITLES)) return;
      if (chosen.sound) playSound(kind);
      if (chosen.notification && !document.hasFocus()) notify(id, kind, content, open);
    },
  };
}

function checkbox(text, checked) {
  const input = h("input", { type: "checkbox", checked });
  return { input, label: h("label", { class: "choice" }, input, text) };
}

async function requestPermission() {
  const permission = globalThis.Notification ? await Notification.requestPermission() : "unsupported";
  if (permission === "granted") return;
  throw new Refused(
    permission === "unsupported"
      ? "This browser shows notifications only for pages from https or from this computer."
      : "The browser does not allow notifications of this page. Allow them in its settings and try again.",
  );
}

function notify(id, kind, content, open) {
  if (globalThis.Notification?.permission !== "granted") return;
  // Each tab shows the notification. Those with the same tag replace each other, so the coordinator sees one.
  const options = { body: plainText(content), tag: `shift-fanout ${kind} ${id}`, requireInteraction: kind === "person" };
  const notification = new Notification(TITLES[kind], options);
  notification.onclick = () => {
    focus();
    open(id);
    notification.close();
  };
}

function readChoice() {
  try {
    return { ...NONE, ...JSON.parse(localStorage.getItem(STORAGE_KEY)) };
  } catch {
    // Something else has written there.
    return NONE;
  }
}

/** Stores nothing at all while both alerts are off. */
function saveChoice(choice) {
  if (choice.sound || choice.notification) localStorage.setItem(STORAGE_KEY, JSON.stringify(choice));
  else localStorage.removeItem(STORAGE_KEY);
}
