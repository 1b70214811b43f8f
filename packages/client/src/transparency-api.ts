import type { Message } from "@doppelwerk/messages";
import type { Requester } from "./request.ts";

export interface TransparencyHead {
  /** Name of the log. */
  readonly origin: string;
  /** What verifies its checkpoints. */
  readonly key: string;
  readonly size: number;
  /** Entries of the checkpoint, and the root of their tree, base 64. */
  readonly signed: number;
  readonly root: string;
}

export interface TransparencyEntry {
  readonly index: number;
  /** Microseconds since 1970. */
  readonly time: number;
  readonly what: string;
  readonly world?: string;
  readonly operation?: string;
  readonly revision?: number;
  readonly did?: string;
  readonly kind?: string;
  readonly state?: string;
  readonly journal?: string;
  readonly file?: string;
  readonly count?: number;
  /** Of what needed attention. */
  readonly code?: string;
  /** Of a backup that was restored, ISO 8601. */
  readonly instant?: string;
  readonly who?: { readonly id: string; readonly name: string };
  readonly whom?: { readonly id: string; readonly name: string };
  /** Somebody who could write the data folder did it, while no server ran. */
  readonly isCommandLine?: boolean;
  /** Nothing tells any more who it was. */
  readonly erased: boolean;
  /** As it is hashed, base 64. */
  readonly bytes: string;
}

/** How it is with one kind of statement of others about the log. Times are microseconds since 1970. */
export interface OutsideStatement {
  /** Entries of the checkpoint that was last stated on; absent for none. */
  readonly size?: number;
  readonly at?: number;
  /** Why the last attempt failed. */
  readonly failure?: Message;
  readonly failures: number;
  readonly everyMinutes: number;
  readonly everyEntries?: number;
  /** The checkpoint; with the lines of witnesses where they cosigned. */
  readonly note?: string;
  /** That the log now begins with what it was then, base 64. */
  readonly consistency?: readonly string[];
}

/** What others stated about the log, to be verified here. */
export interface TransparencyOutside {
  /** The signed checkpoint of the log now. */
  readonly head: string;
  readonly witnesses?: OutsideStatement & {
    readonly needed: number;
    /** C2SP tlog-policy. */
    readonly policy: string;
    readonly of: readonly {
      readonly key: string;
      readonly host: string;
      readonly size?: number;
      readonly signedAt?: number;
      readonly failure?: Message;
      readonly forgot?: { readonly before: number; readonly now: number };
    }[];
  };
  readonly timeStamps?: OutsideStatement & {
    readonly host: string;
    /** PEM. */
    readonly roots: string;
    readonly policy?: string;
    /** RFC 3161, base 64. */
    readonly token?: string;
  };
  readonly anchoring?: OutsideStatement & {
    readonly host: string;
    readonly chain: string;
    readonly contract?: string;
    readonly isPending: boolean;
    readonly confirmations: number;
    /** Its event is proven to be in the block with this hash. */
    readonly blockHash?: string;
    /** Independent nodes that must have the block, and hosts of those that had it. */
    readonly needed?: number;
    readonly agreed?: readonly string[];
    readonly transaction?: string;
    readonly block?: number;
    readonly time?: number;
    readonly by?: string;
  };
  readonly asWitness?: {
    readonly key: string;
    readonly logs: readonly { readonly origin: string; readonly size?: number; readonly at?: number }[];
  };
}

interface Every {
  readonly everyMinutes?: number;
  readonly everyEntries?: number;
}
interface AskedAt {
  readonly url: string;
  /** PEM. */
  readonly authority?: string;
}

/** Whom the log is shown to. */
export interface OutsideSettings {
  readonly witnesses?: Every & { readonly needed: number; readonly of: readonly (AskedAt & { readonly key: string })[] };
  readonly timeStamps?: Every & AskedAt & { readonly roots: string; readonly policy?: string };
  readonly anchoring?: Every &
    AskedAt & {
      readonly chain: number;
      readonly contract?: string;
      /** Of the account that pays; in no answer, and kept where it is left out. */
      readonly key?: string;
      readonly confirmations?: number;
      readonly maxFeeGwei?: number;
      readonly independent?: { readonly needed: number; readonly of: readonly AskedAt[] };
    };
}

export interface OutsideSettingsAnswer {
  readonly settings: OutsideSettings;
  /** Hosts that may be named. */
  readonly hosts: readonly string[];
}

export interface TransparencyCalls {
  transparency(call?: { readonly signal?: unknown }): Promise<TransparencyHead>;
  /** The newest first; `before` an index. */
  transparencyEntries(
    which: { readonly before?: number; readonly limit?: number },
    call?: { readonly signal?: unknown },
  ): Promise<readonly TransparencyEntry[]>;
  /** C2SP tlog-proof. */
  transparencyProof(index: number, call?: { readonly signal?: unknown }): Promise<string>;
  transparencyOutside(call?: { readonly signal?: unknown }): Promise<TransparencyOutside>;
  /** Asks them now, without waiting for the next time. */
  askTransparencyOutside(): Promise<TransparencyOutside>;
  outsideSettings(call?: { readonly signal?: unknown }): Promise<OutsideSettingsAnswer>;
  setOutsideSettings(settings: OutsideSettings): Promise<OutsideSettingsAnswer>;
  /** Becomes a witness, and cosigns the log with this key. */
  cosignLog(key: string): Promise<TransparencyOutside>;
  forgetLog(origin: string): Promise<TransparencyOutside>;
  /** A file that is verified without the server: entries from one index to another with their proofs. */
  transparencyEvidence(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Of the server, whatever the world: `requester` is one without a world. */
export function transparencyCalls(requester: Requester): TransparencyCalls {
  return {
    transparency: (call) => requester.json("GET", "/transparency", call),
    async transparencyEntries(query, call) {
      const { entries } = await requester.json<{ readonly entries: readonly TransparencyEntry[] }>("GET", "/transparency/entries", {
        query,
        ...call,
      });
      return entries;
    },
    transparencyOutside: (call) => requester.json("GET", "/transparency/outside", call),
    askTransparencyOutside: () => requester.json("POST", "/transparency/outside"),
    outsideSettings: (call) => requester.json("GET", "/transparency/outside/settings", call),
    setOutsideSettings: (body) => requester.json("PUT", "/transparency/outside/settings", { body }),
    cosignLog: (key) => requester.json("POST", "/transparency/witness/logs", { body: { key } }),
    forgetLog: (origin) => requester.json("POST", "/transparency/witness/forgotten", { body: { origin } }),
    transparencyEvidence: (from, to) => requester.bytes("/transparency/evidence", { query: { from, to } }),
    async transparencyProof(index, call) {
      return new TextDecoder().decode(await requester.bytes(`/transparency/entries/${index}/proof`, call));
    },
  };
}
