import type { LogEntry } from "../change.ts";

/** Chains log entries. Implemented by room trust; `seal` is called once an entry, in order. */
export interface Seal {
  /** `canonicalText` is that of the entry, where the caller has it already. */
  seal(entry: Omit<LogEntry, "hash">, previousHash: string, canonicalText?: string): string;
}
/** Previous hash of revision 1. */
export const GENESIS_HASH = "0".repeat(64);
