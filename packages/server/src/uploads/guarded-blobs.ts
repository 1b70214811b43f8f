import { createHash } from "node:crypto";
import type { Blobs } from "@doppelwerk/world";
import type { Scanner } from "./scanner.ts";
import type { StoredCounts } from "./stored-counts.ts";
import { whoStores } from "./uploader.ts";

export interface BlobGuards {
  readonly scanner: Pick<Scanner, "check"> | undefined;
  readonly counts: StoredCounts;
}

/** The one way of files into a world: scanned and within the quotas, or not there. */
export function guardBlobs(blobs: Blobs, { scanner, counts }: BlobGuards): Blobs {
  const isKnown = async (hash: string): Promise<boolean> => (await blobs.open(hash)) !== undefined;
  return {
    async put(bytes, contentType) {
      const store = (): ReturnType<Blobs["put"]> => blobs.put(bytes, contentType);
      if (await isKnown(createHash("sha256").update(bytes).digest("hex"))) return store();
      await scanner?.check(once(bytes));
      return counts.adding(whoStores(), bytes.length, store);
    },
    async stage(pieces) {
      const person = whoStores();
      const staged = await blobs.stage(counts.bounded(person, pieces));
      try {
        await scanner?.check(staged.pieces());
      } catch (error) {
        await staged.drop();
        throw error;
      }
      let isKept = false;
      return {
        hash: staged.hash,
        size: staged.size,
        bytes: () => staged.bytes(),
        pieces: () => staged.pieces(),
        async keep(contentType) {
          const isNew = !isKept && !(await isKnown(staged.hash));
          isKept = true;
          await (isNew ? counts.adding(person ?? whoStores(), staged.size, () => staged.keep(contentType)) : staged.keep(contentType));
        },
        drop: () => staged.drop(),
      };
    },
    get: (hash) => blobs.get(hash),
    open: (hash) => blobs.open(hash),
    usage: () => blobs.usage(),
    close: () => blobs.close(),
  };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
