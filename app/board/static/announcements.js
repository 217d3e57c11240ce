// What the ticker announces: facts of the log, and the reasons why a shift needs a person. Pure.

import { attentionText, newAttention } from "./attention.js";
import { BY_CHANNEL, byActor } from "./labels.js";
import { caregiverName, phrase, shiftSummary } from "./phrases.js";

/** Per type of fact: `kind`, and `content(fact, shift)`, children for `h`. Other facts are not announced. */
const FACTS = {
  "shift.filled": {
    kind: "fill",
    content: (fact, shift) => phrase`Filled: ${shiftSummary(shift)}. ${caregiverName(fact)}, ${[BY_CHANNEL[fact.data.channel]]}.`,
  },
  "shift.assigned": {
    kind: "fill",
    content: (fact, shift) => phrase`Filled: ${shiftSummary(shift)}. ${caregiverName(fact)}, assigned by hand${[byActor(fact)]}.`,
  },
  "shift.released": {
    kind: "note",
    content: (fact, shift) => phrase`Open again: ${shiftSummary(shift)}. ${caregiverName(fact)} no longer has it${[byActor(fact)]}.`,
  },
};

/** Returns the announcements { id, kind, content } of the facts whose shifts are among `rows`, in their order. */
export function factAnnouncements(facts, rows) {
  return facts.flatMap((fact) => {
    const [row, known] = [rows.get(fact.shift_id), FACTS[fact.type]];
    return row && known ? [{ id: fact.shift_id, kind: known.kind, content: known.content(fact, row.shift) }] : [];
  });
}

/**
 * Returns the announcements of the reasons that `row` has and `before`, the same row earlier or undefined, had not.
 * These are taken from the rows, because a reason may begin without a fact: time has passed.
 */
export function attentionAnnouncements(before, row) {
  return newAttention(before, row).map((entry) => ({
    id: row.shift.id,
    kind: "person",
    content: phrase`${attentionText(entry, row)}: ${shiftSummary(row.shift)}.`,
  }));
}
