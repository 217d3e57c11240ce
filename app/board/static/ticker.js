// The ticker above the board: shows what has just changed and has screen readers read it.

import { icon, setContent, setText } from "./dom.js";
import { countOf } from "./format.js";

/** At most this many announcements are shown at once; further ones are counted. */
const MAX_SHOWN = 3;
/** An announcement that could not be shown for this long is no longer news, and is only counted. */
const NEWS_MS = 60_000;
/** Screen readers read a live region again, even with an unchanged text, if it was empty for a moment. */
const EMPTY_MS = 100;
/** The ticker is coloured for the first of these kinds that it shows. So it has the colour of a fill only for fills. */
const KINDS = ["person", "note", "fill"];

/** Builds the ticker in `elements`: `ticker` is the live region, `dismiss` the button that clears it. */
export function createTicker({ ticker, dismiss, shifts }) {
  let pending = [];
  let missedCount = 0;
  let timer = null;

  dismiss.replaceChildren(icon("cross"), "Dismiss");
  dismiss.addEventListener("click", () => {
    setText(ticker, "");
    dismiss.hidden = true;
    // The button had the focus and is gone.
    shifts.focus();
  });
  document.addEventListener("visibilitychange", showSoon);

  /** Shows what is pending. While the page is hidden nothing is shown, because nobody would see or hear it. */
  function showSoon() {
    if (document.visibilityState === "hidden" || timer !== null || !(pending.length || missedCount)) return;
    setText(ticker, "");
    timer = setTimeout(show, EMPTY_MS);
  }

  function show() {
    timer = null;
    dropOld();
    const urgentFirst = [...pending].sort((one, other) => (other.kind === "person") - (one.kind === "person"));
    const sentences = urgentFirst.slice(0, MAX_SHOWN).map(({ content }) => content);
    if (pending.length > MAX_SHOWN) sentences.push(`And ${countOf(pending.length - MAX_SHOWN, "more change")}.`);
    if (missedCount) sentences.push(`${countOf(missedCount, "change")} while this page was hidden or not connected.`);
    ticker.dataset.kind = KINDS.find((kind) => pending.some((announcement) => announcement.kind === kind)) ?? "note";
    setContent(ticker, sentences.map((sentence, index) => [index ? " " : "", sentence]));
    dismiss.hidden = false;
    [pending, missedCount] = [[], 0];
  }

  /** Replaces pending announcements that are no longer news by their number. */
  function dropOld() {
    const isNews = ({ announcedAt }) => Date.now() - announcedAt <= NEWS_MS;
    const news = pending.filter(isNews);
    missedCount += pending.length - news.length;
    pending = news;
  }

  return {
    /** Announces `content`, children for `h`. `kind` (person, fill or note) sets the colour. */
    announce(content, kind = "note") {
      dropOld();
      pending.push({ content, kind, announcedAt: Date.now() });
      showSoon();
    },
    /** Announces that the page has missed `count` changes, without saying which. */
    announceMissed(count) {
      missedCount += count;
      showSoon();
    },
  };
}
