import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { checkpointText, parseCheckpoint } from "./checkpoint.ts";
import { testKey, verifyEd25519 } from "./ed25519.fixture.ts";
import { inclusionText, parseInclusion, verifyInclusion } from "./inclusion-file.ts";
import { createMerkleHash } from "./merkle-hash.ts";
import { inclusionProof, MerkleFrontier } from "./merkle-tree.ts";
import { keyText, parseKeyText, parseNote, signatureLine, signedNote, verifyNote } from "./signed-note.ts";
import { entriesOfBundle, entryBundle, nodesOfTiles, parseTilePath, tilePath, tilesOf } from "./tiles.ts";

const hash = createMerkleHash();
const encoder = new TextEncoder();
const ORIGIN = "plant.example/log";

test("[T43] tiles have the paths of tlog-tiles, one each, and no other text names one", () => {
  const paths = [
    [tilePath(0, 0), "tile/0/000"],
    [tilePath("entries", 999), "tile/entries/999"],
    [tilePath(1, 1_234_067), "tile/1/x001/x234/067"],
    [tilePath(0, 273, 112), "tile/0/273.p/112"],
    [tilePath(63, 2 ** 44), "tile/63/x017/x592/x186/x044/416"],
  ] as const;
  for (const [path, expected] of paths) {
    expect(path).toBe(expected);
    const { level, index, width } = parseTilePath(path)!;
    expect(tilePath(level, index, width)).toBe(path);
  }
  const wrong = [
    "tile/0/0",
    "tile/00/000",
    "tile/64/000",
    "tile/0/x000/000",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/../000",
    "tile/-1/000",
    "tile/0/001/000",
    "tile/data/000",
    "/tile/0/000",
    "tile/0/x999/x999/x999/x999/x999/999",
  ];
  for (const path of wrong) expect(parseTilePath(path), path).toBeUndefined();
  expect(tilesOf(70_000)).toEqual([
    { level: 0, full: 273, partial: 112 },
    { level: 1, full: 1, partial: 17 },
    { level: 2, full: 0, partial: 1 },
  ]);
  expect(tilesOf(256)).toEqual([
    { level: 0, full: 1, partial: 0 },
    { level: 1, full: 0, partial: 1 },
  ]);
});

test("[T43] a bundle gives back its entries; one that is cut is none", () => {
  const entries = ["", "a", "x".repeat(300), "y".repeat(65_535)].map((text) => encoder.encode(text));
  const bundle = entryBundle(entries);
  expect(entriesOfBundle(bundle)).toEqual(entries);
  for (const end of [1, 3, 4, 200, bundle.length - 1]) expect(entriesOfBundle(bundle.subarray(0, end)), String(end)).toBeUndefined();
});

test("[T44] a checkpoint is read as it was written, and nothing else is one", () => {
  const checkpoint = { origin: ORIGIN, size: 20_852_163, root: hash.empty };
  expect(parseCheckpoint(checkpointText(checkpoint))).toEqual(checkpoint);
  expect(parseCheckpoint(checkpointText({ ...checkpoint, extensions: ["a", "b"] }))?.extensions).toEqual(["a", "b"]);
  const text = checkpointText(checkpoint);
  const wrong = [
    "",
    text.slice(0, -1),
    text.replace(ORIGIN, ""),
    text.replace("20852163", "020852163"),
    text.replace("20852163", "-1"),
    text.replace("20852163", "1e3"),
    text.replace("20852163", "9007199254740992"),
    text.replace("=\n", "\n"),
    text.replace("47DE", "47D"),
    `${text}\n`,
  ];
  for (const each of wrong) expect(parseCheckpoint(each), JSON.stringify(each)).toBeUndefined();
});

test("[T44] a note is of those whose signature it carries: other keys are passed over, a wrong signature of a known one refuses it", () => {
  const [log, witness, stranger] = [testKey(ORIGIN, 1), testKey("witness.example/w1", 2, "cosignature"), testKey("stranger.example", 3)];
  const text = checkpointText({ origin: ORIGIN, size: 1, root: hash.empty });
  const lines = [log, witness, stranger].map(({ key, sign }) => signatureLine(text, key, sign, 1_679_315_147));
  const note = parseNote(signedNote(text, lines))!;
  expect(verifyNote(note, [log.key, witness.key], verifyEd25519)).toEqual([
    { key: log.key },
    { key: witness.key, signedAt: 1_679_315_147 },
  ]);
  expect(verifyNote(note, [], verifyEd25519)).toEqual([]);
  const forged = parseNote(signedNote(text, [signatureLine(text, log.key, stranger.sign, 0)]))!;
  expect(verifyNote(forged, [log.key], verifyEd25519)).toBeUndefined();
  const altered = parseNote(signedNote(text.replace("\n1\n", "\n2\n"), lines))!;
  expect(verifyNote(altered, [witness.key], verifyEd25519)).toBeUndefined();
  const twice = parseNote(signedNote(text, [lines[0]!, lines[0]!]))!;
  expect(verifyNote(twice, [log.key], verifyEd25519)).toBeUndefined();
  // the same name and private key, as another kind
  expect(verifyNote(note, [{ ...log.key, kind: "cosignature" }], verifyEd25519)).toEqual([]);
});

test("[T44] keys are read as they were written; a key whose hash is another's is none", () => {
  for (const kind of ["signature", "cosignature"] as const) {
    const { key } = testKey(ORIGIN, 7, kind);
    const text = keyText(key);
    expect(parseKeyText(text)).toEqual(key);
    for (const wrong of [text.replace(ORIGIN, "plant.example/lag"), text.slice(0, -1), `${text} `, text.replace("+", " "), ""])
      expect(parseKeyText(wrong), wrong).toBeUndefined();
  }
});

test("[T44] texts that are no notes are refused", () => {
  const { key, sign } = testKey(ORIGIN, 1);
  const line = signatureLine("a\n", key, sign, 0);
  const wrong = [
    "",
    "a\n",
    "a\n\n",
    `a\n${line}\n`,
    `a\n\n${line}`,
    `a\u0007\n\n${line}\n`,
    `a\n\n${line}\nb\n`,
    `a\n\n${line.replace("—", "-")}\n`,
    `a\n\n— ${key.name} AAAA\n`,
    `a\n\n${`${line}\n`.repeat(101)}`,
  ];
  for (const note of wrong) expect(parseNote(note), JSON.stringify(note).slice(0, 60)).toBeUndefined();
  expect(parseNote(`a\n\nb\n\n${line}\n`)?.text).toBe("a\n\nb\n");
});

test("[T45] a proof file proves its entry to whoever has the key of the log, without the log", () => {
  const [log, other] = [testKey(ORIGIN, 1), testKey("other.example/log", 1)];
  const entries = Array.from({ length: 300 }, (_, n) => encoder.encode(`entry ${n}`));
  const { text, sizeRoot } = proofOf(entries, 257, log);
  const verdict = verifyInclusion(hash, text, entries[257]!, [log.key], verifyEd25519);
  expect(verdict).toEqual({ isIncluded: true, origin: ORIGIN, size: 300, signatures: [{ key: log.key }] });
  const why = (changed: string, entry = entries[257]!, key = log.key) => {
    const found = verifyInclusion(hash, changed, entry, [key], verifyEd25519);
    return found.isIncluded ? "included" : found.why;
  };
  expect(why(text, entries[256]!)).toBe("otherEntry");
  expect(why(text.replace("index 257", "index 256"))).toBe("otherEntry");
  expect(why(text, entries[257]!, other.key)).toBe("notSigned");
  expect(why(text.replace("\n300\n", "\n301\n"))).toBe("notSigned");
  expect(why(text.replace(ORIGIN, "plant.example/lag"))).toBe("notSigned");
  expect(why(text.replace("tlog-proof@v1", "tlog-proof@v2"))).toBe("noProof");
  expect(why(text.replace("index 257", "index 0257"))).toBe("noProof");
  expect(why(text.slice(0, -10))).toBe("noCheckpoint");
  expect(why("")).toBe("noProof");
  expect(why(text.replace("index", "extra AAAA\nindex"))).toBe("included");
  expect(sizeRoot).toHaveLength(32);
});

test("[T45] whatever bit of a proof file is flipped, it proves nothing more", () => {
  const log = testKey(ORIGIN, 1);
  const entries = Array.from({ length: 20 }, (_, n) => encoder.encode(`entry ${n}`));
  const bytes = encoder.encode(proofOf(entries, 11, log).text);
  for (let at = 0; at < bytes.length; at++)
    for (const bit of [0, 3, 6]) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << bit;
      const text = new TextDecoder().decode(flipped);
      expect(verifyInclusion(hash, text, entries[11]!, [log.key], verifyEd25519).isIncluded, `byte ${at} bit ${bit}`).toBe(false);
    }
});

test("[T43] [T44] [T45] random texts are read or refused, never an exception", () => {
  const seed = Date.now() % 1_000_000;
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % below;
  };
  const valid = proofOf(entriesOf(9), 3, testKey(ORIGIN, 1)).text;
  for (let round = 0; round < 5_000; round++) {
    const characters = [...valid];
    for (let change = 0; change <= random(4); change++) {
      const at = random(characters.length);
      characters.splice(at, random(20), ["\n", "\n\n", "—", " ", "index 5", "=", "A", "\u0000", "\ud800"][random(9)]!);
    }
    const text = characters.join("");
    expect(
      () => [parseInclusion(text), parseNote(text), parseCheckpoint(text), parseKeyText(text), parseTilePath(text)],
      `seed ${seed}`,
    ).not.toThrow();
    expect(() => entriesOfBundle(encoder.encode(text)), `seed ${seed}`).not.toThrow();
  }
});

testOnSharedData(
  "[T43] [T44] a published log verifies: every checkpoint by its tiles, every tile by its entries",
  "trust/tlog-tiles-log.tar.gz",
  (archive) => {
    const read = (path: string) => new Uint8Array(execFileSync("tar", ["xzOf", archive, `./log/${path}`]));
    const key = parseKeyText("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")!;
    const frontier = new MerkleFrontier(hash);
    const entries = entriesOfBundle(read(tilePath("entries", 0, 15)))!;
    expect(entries).toHaveLength(15);
    for (let size = 0; size <= 15; size++) {
      const note = parseNote(new TextDecoder().decode(read(`checkpoint.${size}`)))!;
      expect(verifyNote(note, [key], verifyEd25519)).toEqual([{ key }]);
      const checkpoint = parseCheckpoint(note.text)!;
      expect([checkpoint.origin, checkpoint.size, checkpoint.root]).toEqual([key.name, size, frontier.root()]);
      if (size > 0) {
        const tile = read(tilePath(0, 0, size));
        expect(
          MerkleFrontier.of(
            hash,
            size,
            nodesOfTiles(hash, () => tile),
          ).root(),
        ).toEqual(checkpoint.root);
        expect(entriesOfBundle(read(tilePath("entries", 0, size)))).toEqual(entries.slice(0, size));
      }
      if (size < 15) frontier.append(hash.leaf(entries[size]!), () => {});
    }
  },
);

function entriesOf(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, n) => encoder.encode(`entry ${n}`));
}

function proofOf(entries: readonly Uint8Array[], index: number, { key, sign }: ReturnType<typeof testKey>) {
  const nodes = new Map<string, Uint8Array>();
  const frontier = new MerkleFrontier(hash);
  for (const entry of entries) frontier.append(hash.leaf(entry), (level, at, node) => void nodes.set(`${level} ${at}`, node));
  const path = inclusionProof(hash, (level, at) => nodes.get(`${level} ${at}`)!, index, entries.length);
  const checkpoint = checkpointText({ origin: key.name, size: entries.length, root: frontier.root() });
  const note = signedNote(checkpoint, [signatureLine(checkpoint, key, sign, 0)]);
  return { text: inclusionText({ index, path, note }), sizeRoot: frontier.root() };
}
