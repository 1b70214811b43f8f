import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { canonicalJson, GENESIS_HASH, type Json, type LogEntry, type Seal } from "@doppelwerk/world";

const encoder = new TextEncoder();

/** SHA-256 (FIPS 180-4) chain: hash = SHA-256(previous hash as hex ‖ canonical bytes of the entry without `hash`), hex. */
export function createSeal(): Seal {
  return { seal: (entry, previousHash) => hashOfEntry(entry, previousHash) };
}

/** Undefined when every entry carries the hash it must carry, else the first broken revision and why. Starts at revision 1 unless told where it continues. */
export async function verifyChain(
  entries: AsyncIterable<LogEntry> | Iterable<LogEntry>,
  from: { readonly revision: number; readonly hash: string } = { revision: 0, hash: GENESIS_HASH },
): Promise<{ readonly revision: number; readonly why: string } | undefined> {
  let { revision, hash } = from;
  for await (const entry of entries) {
    revision++;
    if (entry.revision !== revision) return { revision, why: `revision ${revision} is missing, the next entry is ${entry.revision}` };
    const { hash: stated, ...rest } = entry;
    if (stated !== hashOfEntry(rest, hash))
      return { revision, why: `the entry or one before it was altered: its hash is not that of its content` };
    hash = stated;
  }
  return undefined;
}

function hashOfEntry(entry: Omit<LogEntry, "hash">, previousHash: string): string {
  return bytesToHex(sha256(encoder.encode(previousHash + canonicalJson(entry as unknown as Json))));
}
