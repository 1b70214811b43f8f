import type { Message } from "@doppelwerk/messages";
import type { Instant } from "./instant.ts";
import type { Json, RecordId, WorldRecord } from "./record.ts";

/** One reversible step. `from` is what the writer saw: a differing field refuses the whole transaction (DW_CONFLICT). `undefined` = absent field. */
export type Change =
  | { readonly op: "create"; readonly record: WorldRecord }
  | { readonly op: "update"; readonly id: RecordId; readonly fields: Readonly<Record<string, FieldChange>> }
  | { readonly op: "delete"; readonly record: WorldRecord };

export interface FieldChange {
  readonly from?: Json;
  readonly to?: Json;
}

/** Why something was written: in the words of a person, or as a message of the product. */
export type Reason = string | Message;

/** One atomic, ordered set of changes on one branch. */
export interface Transaction {
  readonly branch: BranchId;
  /** Opaque account id; the name lives in the account table and can be erased. */
  readonly actor: string;
  readonly reason: Reason;
  readonly changes: readonly Change[];
  /** Id chosen by the client, echoed in the commit, so that a replica recognises its own work. */
  readonly clientId?: string;
  /** The revision that the writer looked at: where something that he would change was written after it, the whole is refused (DW_CHANGED). Not logged. */
  readonly since?: number;
}

/** A branch is named by an opaque id; the live branch of every world is `live`. */
export type BranchId = string;
export const LIVE: BranchId = "live";

/**
 * What the log stores, one entry a transaction or a branch event. `revision` counts all entries of a world across branches from 1.
 * `hash` chains the entries: hash = H(previous hash ‖ canonical bytes of the entry without `hash`).
 */
export interface LogEntry {
  readonly v: 1;
  readonly revision: number;
  /** Commit time, monotone under clock jumps. */
  readonly time: Instant;
  readonly branch: BranchId;
  readonly actor: string;
  readonly reason: string;
  /** `reason` as a message, where the product gave it; absent where a person did, and from entries of releases before it. */
  readonly message?: Message;
  readonly changes: readonly Change[];
  readonly clientId?: string;
  /** Present on the entry that forks `branch` from its parent. */
  readonly fork?: { readonly name: string; readonly parent: BranchId; readonly baseRevision: number; readonly instant: Instant };
  /** Present on the entry that merges `source` (up to its revision) into `branch`. */
  readonly merge?: { readonly source: BranchId; readonly sourceRevision: number; readonly request: RecordId };
  /** Present on the entry that closes `branch` without merging it. */
  readonly abandon?: true;
  /** Present on the entry that takes back the actor's transaction of that revision. */
  readonly undo?: { readonly revision: number };
  readonly hash: string;
}
