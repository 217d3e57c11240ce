/** Returns the text in the form in which the service compares roles: case, width and spacing do not count. */
export const fold = (text) => text.normalize("NFKC").toUpperCase().toLowerCase().replace(/\s+/gu, " ").trim();
