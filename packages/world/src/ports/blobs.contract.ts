import type { Blobs } from "./blobs.ts";
import { assertEqual, type ContractCase } from "./contract-case.ts";

export interface BlobsFactory {
  open(): Promise<Blobs>;
  /** Closes it and opens another on the same store; absent for drivers that keep nothing. */
  reopen?(blobs: Blobs): Promise<Blobs>;
}

/** What every blob store does alike. Rules B1–B3 of packages/world/SPEC.md. */
export function blobsContract(createFactory: () => BlobsFactory): readonly ContractCase[] {
  const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 31) % 251);
  return [
    {
      title: "[B1] a blob is found by the sha-256 of its bytes, with its content type",
      run: async () => {
        const blobs = await createFactory().open();
        const { hash } = await blobs.put(new TextEncoder().encode("abc"), "text/plain");
        assertEqual(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "hash (FIPS 180-4 example)");
        const found = await blobs.get(hash);
        assertEqual([[...found!.bytes], found!.contentType], [[97, 98, 99], "text/plain"], "blob");
        assertEqual(await blobs.get("0".repeat(64)), undefined, "unknown hash");
        await blobs.close();
      },
    },
    {
      title: "[B2] the same bytes twice are one blob, and the caller's array stays his",
      run: async () => {
        const blobs = await createFactory().open();
        const own = bytes.slice();
        const first = await blobs.put(own, "model/gltf-binary");
        own.fill(0);
        const second = await blobs.put(bytes, "application/octet-stream");
        assertEqual(second, first, "hash");
        assertEqual((await blobs.get(first.hash))!.bytes, bytes, "bytes");
        await blobs.close();
      },
    },
    {
      title: "[B3] a stored blob is there after reopening",
      run: async () => {
        const factory = createFactory();
        if (factory.reopen === undefined) return;
        const blobs = await factory.open();
        const { hash } = await blobs.put(bytes, "model/gltf-binary");
        const again = await factory.reopen(blobs);
        assertEqual((await again.get(hash))!.bytes, bytes, "bytes");
        await again.close();
      },
    },
  ];
}
