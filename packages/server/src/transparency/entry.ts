import { canonicalJson, type Instant, type Json } from "@doppelwerk/world";

/** What an entry of the transparency log is about. Nothing in it names a person, and nothing that a person wrote: those are commitments. */
export type Happened =
  | { readonly what: "start"; readonly version: string }
  | { readonly what: "stop" }
  /** Something that somebody should look at began, or is over: the code of its text. */
  | { readonly what: "attention"; readonly code: string; readonly level: "error" | "warning"; readonly state: "begun" | "over" }
  /** The data folder was restored from that backup, which has everything up to the instant; `at`: as it was then. ISO 8601. */
  | { readonly what: "restored"; readonly backup: string; readonly instant: string; readonly at?: string }
  /** Everything up to that revision was there before the log of this server began. */
  | { readonly what: "before"; readonly world: string; readonly revision: number; readonly hash: string }
  /** The change log ends at that revision: what came after it was lost, and the loss was accepted. */
  | {
      readonly what: "lost";
      readonly world: string;
      readonly revision: number;
      /** Segments of the history that are gone, or others, since. */
      readonly segments?: readonly string[];
    }
  | {
      readonly what: "commit";
      readonly world: string;
      readonly revision: number;
      /** Of the revision in the change log, which is that of all before it too. */
      readonly hash: string;
      readonly did: "change" | "fork" | "merge" | "abandon" | "undo";
      /** Kinds of the records that it changed. */
      readonly kinds: readonly string[];
      readonly who?: string;
      readonly reason?: string;
    }
  /** `refused`: access, or a log-in; `count` of them, where there were several within a minute. */
  | {
      readonly what: "request" | "export" | "refused";
      readonly world?: string;
      /** Id in the contract, or method and route. */
      readonly operation: string;
      readonly status: number;
      readonly who?: string;
      /** The account that it is about. */
      readonly whom?: string;
      /** The machine that it is about. */
      readonly machine?: string;
      /** The credential, or the trusted issuer, that it is about, by the random id that it has here. */
      readonly credential?: string;
      readonly issuer?: string;
      /** The terminal, shared by a place, on which it was done. */
      readonly terminal?: string;
      readonly count?: number;
    }
  /** An item of a journal, such as a step of a command to a machine. */
  | { readonly what: "record"; readonly world: string; readonly journal: string; readonly record: string; readonly content: string }
  | {
      readonly what: "job";
      readonly world: string;
      readonly job: string;
      readonly kind: string;
      readonly state: string;
      readonly who?: string;
      readonly content?: string;
    }
  | {
      readonly what: "segment";
      readonly world: string;
      readonly file: string;
      readonly bytes: number;
      readonly sha256: string;
      readonly replaces: readonly string[];
    };

export type Entry = Happened & {
  readonly v: 1;
  /** Microseconds since 1970. */
  readonly time: Instant;
  /** What its commitments are made with, beside the salt. */
  readonly nonce: string;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** JSON in the one form of RFC 8785, UTF-8. */
export function entryBytes(entry: Entry): Uint8Array {
  return encoder.encode(canonicalJson(entry as unknown as Json));
}

/** Undefined for bytes that are no entry in the one form that it has. */
export function entryOf(bytes: Uint8Array): Entry | undefined {
  try {
    const text = decoder.decode(bytes);
    const entry = JSON.parse(text) as Entry;
    return entry.v === 1 && typeof entry.what === "string" && canonicalJson(entry as unknown as Json) === text ? entry : undefined;
  } catch {
    // no UTF-8, or no JSON
    return undefined;
  }
}
