// One stream for all tabs of a browser. A browser opens only six connections to a host, and each stream holds one.
//
// The tabs elect a leader by a Web Lock. The tab that holds the lock reads the stream and relays every event over a
// BroadcastChannel. When that tab is closed, the browser gives the lock to the next one.

import { authHeaders, requestKey } from "./key.js";
import { readStream } from "./stream.js";

const TICK_MS = 1000;
/** A follower becomes leader after this many ticks without a message. A connected leader relays an event every 15 s. */
const MAX_SILENT_TICKS = 30;
/** The same for a leader that is not connected. It reports every failed attempt, and one takes 60 seconds at most. */
const MAX_SILENT_TICKS_DISCONNECTED = 90;
/** As many facts as a snapshot of the service has. */
const MAX_FACTS = 50;

/**
 * Follows the events of the board until the service refuses the key; then the page asks for another. Calls
 * `onEvent(name, data, arrivedAt)` and then `onConnection(true)` after every event, and `onConnection(false)` whenever the connection is lost. `arrivedAt` is a time of `Date.now()`.
 */
export async function followEvents(onEvent, onConnection) {
  const { authorization } = authHeaders();
  // Both ways to read the stream end only when the service refuses the key.
  if (canShare()) await shareStream(authorization, onEvent, onConnection);
  else await readOwnStream(authorization, onEvent, onConnection);
  requestKey(authorization);
}

/** Browsers offer locks and digests only to pages from https or from this computer. */
const canShare = () => Boolean(navigator.locks && globalThis.BroadcastChannel && crypto.subtle);

const readOwnStream = (authorization, onEvent, onConnection) =>
  readStream({
    authorization,
    signal: new AbortController().signal,
    onEvent: (name, data) => onEvent(name, data, Date.now()),
    onConnection,
  });

/** Takes part in the stream of all tabs that have the same key. Resolves once the service has refused that key. */
async function shareStream(authorization, onEvent, onConnection) {
  const group = await groupName(authorization);
  const channel = new BroadcastChannel(group);
  const tabId = crypto.randomUUID();
  let lockRequest = null;
  let ownStream = null;
  let board = null;
  let leaderId = null;
  let isConnected = null;
  let silentTicks = 0;

  return new Promise((resolve) => {
    const timer = setInterval(watchLeader, TICK_MS);
    channel.addEventListener("message", ({ data }) => receive(data));
    follow();

    function send(message) {
      channel.postMessage({ ...message, from: tabId });
    }

    function leave() {
      clearInterval(timer);
      lockRequest.abort();
      channel.close();
      resolve();
    }

    /**
     * Becomes a follower: requests the lock, which it gets when the leader is gone, and asks the leader, if there is
     * one, for all rows.
     */
    function follow() {
      ownStream?.abort();
      [ownStream, board, leaderId, isConnected, silentTicks] = [null, null, null, null, 0];
      lockRequest = new AbortController();
      requestLead({ signal: lockRequest.signal });
      send({ type: "join" });
    }

    /** Leads once the lock is free. With the option `steal` it is taken from a leader that has stopped working. */
    function requestLead(options) {
      let hasLock = false;
      const onLock = () => {
        hasLock = true;
        return lead();
      };
      navigator.locks.request(group, options, onLock).catch((error) => {
        if (error.name !== "AbortError") throw error;
        // Either this tab has cancelled the request, or another tab has stolen the lock.
        if (hasLock) follow();
      });
    }

    async function lead() {
      ownStream = new AbortController();
      board = createBoardCopy();
      isConnected = null;
      const wasRefused = await readStream({
        authorization,
        signal: ownStream.signal,
        onEvent(name, data) {
          const event = { type: "event", name, data, arrivedAt: Date.now() };
          board.apply(event);
          send(event);
          onEvent(name, data, event.arrivedAt);
        },
        onConnection(yes) {
          // The followers learn from each event that the leader is connected.
          if (!yes) send({ type: "disconnected" });
          isConnected = yes;
          onConnection(yes);
        },
      });
      if (!wasRefused) return;
      send({ type: "refused" });
      leave();
    }

    function watchLeader() {
      if (ownStream) return;
      // Counts ticks instead of comparing times: while the computer sleeps, the leader is silent for a good reason.
      silentTicks += 1;
      if (silentTicks <= (isConnected ? MAX_SILENT_TICKS : MAX_SILENT_TICKS_DISCONNECTED)) return;
      silentTicks = 0;
      lockRequest.abort();
      requestLead({ steal: true });
    }

    function receive(message) {
      if (message.to !== undefined && message.to !== tabId) return;
      if (ownStream) {
        if (message.type === "join") welcome(message.from);
      } else if (message.type === "refused") {
        leave();
      } else if (message.type === "disconnected") {
        [isConnected, silentTicks] = [false, 0];
        onConnection(false);
      } else if (message.type === "event") {
        receiveEvent(message);
      }
    }

    /** Sends a tab that has joined all rows. Before they are known it gets the snapshot that all tabs get. */
    function welcome(to) {
      if (board.isComplete()) send({ ...board.snapshot(), to });
      if (isConnected === false) send({ type: "disconnected", to });
    }

    function receiveEvent({ name, data, arrivedAt, from }) {
      if (name === "snapshot") leaderId = from;
      // Changes make sense only after the snapshot of the same leader. Others are from a leader that was replaced.
      if (from !== leaderId) return;
      [isConnected, silentTicks] = [true, 0];
      onEvent(name, data, arrivedAt);
      onConnection(true);
    }
  });
}

/**
 * Returns the name of the lock and the channel. A tab with an old, refused key must not share a stream with a tab
 * that has the new one, so each key has a name of its own. The name has a digest of the key, because any page of this
 * origin can list the names of locks.
 */
async function groupName(authorization = "") {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(authorization));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `shift-fanout-board 1 ${new URL(".", location.href).pathname} ${hex}`;
}

/** Keeps the rows of the board and the last facts, for tabs that join later. */
function createBoardCopy() {
  const rows = new Map();
  let facts = [];
  let latest = null;
  return {
    apply(event) {
      const { rows: sent = [], gone = [], ...fields } = event.data;
      if (event.name === "snapshot") {
        rows.clear();
        facts = [];
      }
      facts = [...facts, ...(fields.facts ?? [])].slice(-MAX_FACTS);
      for (const row of sent) rows.set(row.shift?.id, row);
      for (const id of gone) rows.delete(id);
      latest = { ...event, data: { ...latest?.data, ...fields } };
    },
    isComplete: () => latest?.data.version !== undefined,
    /** Returns a `snapshot` event with all rows, with the times of the latest event. */
    snapshot: () => ({ ...latest, name: "snapshot", data: { ...latest.data, gone: [], touched: [], facts, rows: [...rows.values()] } }),
  };
}
