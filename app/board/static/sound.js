// The sound of an alert, made by the browser itself: there is no sound file.

/** After a sound there is none for this long, so that many changes at once make one sound. */
const PAUSE_MS = 3000;
const BEEP_S = 0.18;
/** The pitches of the beeps in Hz, one after the other. */
const BEEPS = { fill: [660], person: [880, 660, 880] };

let audio = null;
let lastPlayedAt = -Infinity;

export const soundIsBlocked = () => audio?.state !== "running";

/** Lets the page play sounds. Works only while a click or a key press is handled. */
export async function unblockSound() {
  audio ??= new AudioContext();
  await audio.resume();
}

/** Plays the beeps of `kind`, in one tab of the browser only. Does nothing while sounds are blocked. */
export function playSound(kind) {
  if (soundIsBlocked()) return;
  if (navigator.locks) navigator.locks.request("shift-fanout-sound", { ifAvailable: true }, (lock) => lock && beep(kind));
  else if (performance.now() - lastPlayedAt > PAUSE_MS) beep(kind);
}

/** Plays the beeps and resolves after the pause. */
function beep(kind) {
  lastPlayedAt = performance.now();
  BEEPS[kind].forEach((pitch, index) => {
    const start = audio.currentTime + index * 1.5 * BEEP_S;
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    oscillator.frequency.value = pitch;
    // A sudden start or end would be heard as a click.
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.3, start + 0.02);
    volume.gain.linearRampToValueAtTime(0, start + BEEP_S);
    oscillator.connect(volume);
    volume.connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + BEEP_S);
  });
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
}
