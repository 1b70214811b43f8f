import type { Requester } from "./request.ts";

/** How the data folder of a server is protected. */
export interface Protection {
  /** Its secrets are, with a key outside of the folder. */
  readonly sealed: boolean;
  /** Absent where none was made. */
  readonly lastBackup?: {
    /** Everything that was acknowledged before is in it; ISO 8601. */
    readonly instant: string;
    readonly finished: string;
    readonly to: string;
    readonly bytes: number;
    readonly sentBytes: number;
  };
}

export interface ProtectionCalls {
  protection(call?: { readonly signal?: unknown }): Promise<Protection>;
}

/** Of the server, whatever the world: `requester` is one without a world. */
export function protectionCalls(requester: Requester): ProtectionCalls {
  return { protection: (call) => requester.json("GET", "/protection", call) };
}
