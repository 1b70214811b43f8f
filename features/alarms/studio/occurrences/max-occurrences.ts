/** As many as one answer holds; the contract itself is not loaded by a browser. */
export const MAX_OCCURRENCES = 10_000;
