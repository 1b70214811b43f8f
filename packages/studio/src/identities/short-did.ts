/** Its method and ends: nobody reads a key. */
export function shortDid(did: string): string {
  return did.length <= 40 ? did : `${did.slice(0, 16)}…${did.slice(-6)}`;
}

/** Microseconds since 1970, of a time in ISO 8601. */
export const momentOf = (iso: string): number => Date.parse(iso) * 1_000;
