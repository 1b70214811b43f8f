import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { canonicalJson, GENESIS_HASH, type Json, type LogEntry, type Seal } from "@doppelwerk/world";

const encoder = new TextEncoder();

/** SHA-256 (FIPS 180-4) of the UTF-8 bytes of a text, hex. */
export type Sha256 = (text: string) => string;

/**
 * SHA-256 chain: hash = SHA-256(previous hash as hex ‖ canonical bytes of the entry without `hash`), hex. `sha256` is a faster maker of the same hash,
 * where the machine has one.
 */
export function createSeal(sha256Of: Sha256 = portableSha256): Seal {
  return { seal: (entry, previousHash, text) => sha256Of(text === undefined ? sealedText(entry, previousHash) : previousHash + text) };
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
    if (stated !== portableSha256(sealedText(rest, hash)))
      return { revision, why: `the entry or one before it was altered: its hash is not that of its content` };
    hash = stated;
  }
  return undefined;
}

function sealedText(entry: Omit<LogEntry, "hash">, previousHash: string): string {
  return previousHash + canonicalJson(entry as unknown as Json);
}

function portableSha256(text: string): string {
  return bytesToHex(sha256(encoder.encode(text)));
}
