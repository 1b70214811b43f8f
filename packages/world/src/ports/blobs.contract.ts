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
        assertEqual(await blobs.open("0".repeat(64)), undefined, "unknown hash, opened");
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
    ...stagedCases(createFactory),
  ];
}

/** Large enough that no driver holds it as one piece. */
const LARGE = 1_500_000;

/** Other bytes for each case: some stores are shared by all of them. */
function largeBytes(seed: number): Uint8Array {
  return Uint8Array.from({ length: LARGE }, (_, i) => (i * 31 + (i >> 9) * seed) % 251);
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const bytes: number[] = [];
  for await (const piece of pieces) for (const byte of piece) bytes.push(byte);
  return Uint8Array.from(bytes);
}

async function* piecesOf(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

function stagedCases(createFactory: () => BlobsFactory): readonly ContractCase[] {
  return [
    {
      title: "[B4] what is staged is a blob once it is kept, whatever its size and its pieces, and the same as if it were put whole",
      run: async () => {
        const factory = createFactory();
        let blobs = await factory.open();
        for (const bytes of [new Uint8Array(0), new TextEncoder().encode("abc"), largeBytes(4)])
          for (const size of [1_000_003, 65_536]) {
            const staged = await blobs.stage(piecesOf(bytes, size));
            assertEqual(staged.size, bytes.length, "size");
            assertEqual(await staged.bytes(), bytes, "staged bytes");
            assertEqual(await whole(staged.pieces()), bytes, "staged pieces");
            if (size === 1_000_003 && bytes.length === LARGE) assertEqual(await blobs.get(staged.hash), undefined, "not kept yet");
            await staged.keep("text/plain");
            await staged.keep("text/plain");
            await staged.drop();
            const found = await blobs.get(staged.hash);
            assertEqual([found!.contentType, found!.bytes.length], ["text/plain", bytes.length], "kept");
            assertEqual(found!.bytes, bytes, "bytes");
            const opened = (await blobs.open(staged.hash))!;
            assertEqual([opened.contentType, opened.size], ["text/plain", bytes.length], "opened");
            for (const _ of [1, 2]) assertEqual(await whole(opened.pieces()), bytes, "opened pieces");
            assertEqual((await blobs.put(bytes, "text/plain")).hash, staged.hash, "put whole");
          }
        if (factory.reopen !== undefined) blobs = await factory.reopen(blobs);
        const staged = await blobs.stage(piecesOf(largeBytes(4), 65_536));
        if (factory.reopen !== undefined) assertEqual((await blobs.get(staged.hash))!.bytes, largeBytes(4), "after reopening");
        await staged.drop();
        await blobs.close();
      },
    },
    {
      title: "[B5] what is dropped, or breaks off while it comes, is no blob and can come again; two of the same at once are one",
      run: async () => {
        const blobs = await createFactory().open();
        const bytes = largeBytes(5);
        const dropped = await blobs.stage(piecesOf(bytes, 65_536));
        await dropped.drop();
        await dropped.drop();
        assertEqual(await blobs.get(dropped.hash), undefined, "dropped");
        const broken = async function* () {
          yield* piecesOf(bytes, 65_536);
          throw new Error("the line broke");
        };
        const why = await blobs.stage(broken()).then(
          () => "staged",
          (error: unknown) => (error as Error).message,
        );
        assertEqual([why, await blobs.get(dropped.hash)], ["the line broke", undefined], "broken off");
        const both = await Promise.all([blobs.stage(piecesOf(bytes, 65_536)), blobs.stage(piecesOf(bytes, 99_999))]);
        await Promise.all(both.map((staged) => staged.keep("text/plain")));
        await Promise.all(both.map((staged) => staged.drop()));
        assertEqual((await blobs.get(dropped.hash))!.bytes, bytes, "bytes");
        await blobs.close();
      },
    },
  ];
}
