import type { Requester } from "./request.ts";

/** A shell whose asset has a code that was scanned. */
export interface IdentifiedShell {
  readonly id: string;
  readonly idShort: string;
  readonly asset?: string;
  /** Of just this item, or of its lot or kind. */
  readonly exact: boolean;
  /** Absent: of the world of the short addresses. */
  readonly world?: string;
}

export interface IdentificationCalls {
  /** Those that may be read in any world; none where there is none. Errors: DW_INVALID for what identifies nothing. */
  shellsOfCode(link: string, call?: { readonly signal?: unknown }): Promise<readonly IdentifiedShell[]>;
}

export function identificationCalls(requester: Requester): IdentificationCalls {
  return {
    async shellsOfCode(link, call) {
      const { shells } = await requester.json<{ readonly shells: readonly IdentifiedShell[] }>("GET", "/codes", {
        ...call,
        query: { link },
      });
      return shells;
    },
  };
}
