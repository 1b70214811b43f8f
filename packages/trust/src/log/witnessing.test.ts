import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { checkpointText } from "./checkpoint.ts";
import { testKey, verifyEd25519 } from "./ed25519.fixture.ts";
import { createMerkleHash } from "./merkle-hash.ts";
import { consistencyProof, MerkleFrontier } from "./merkle-tree.ts";
import { keyText, parseKeyText, signatureLine, signedNote } from "./signed-note.ts";
import { entriesOfBundle, nodesOfTiles, tilePath } from "./tiles.ts";
import { isPolicyFault, parseWitnessPolicy, verifyWitnessed, witnessPolicyText, type WitnessPolicy } from "./witness-policy.ts";
import { judgeCheckpoint, parseWitnessRequest, witnessRequestText, type Cosigned } from "./witnessing.ts";

const hash = createMerkleHash();
const log = testKey("plant.example/log", 1);

/** A log of entries with one text, which is another log where the text is. */
class Log {
  readonly #nodes = new Map<string, Uint8Array>();
  readonly #roots: Uint8Array[] = [hash.empty];

  constructor(text: string, size: number) {
    const frontier = new MerkleFrontier(hash);
    for (let n = 0; n < size; n++) {
      const leaf = hash.leaf(new TextEncoder().encode(`${text} ${n}`));
      frontier.append(leaf, (level, index, node) => void this.#nodes.set(`${level} ${index}`, node));
      this.#roots.push(frontier.root());
    }
  }

  root(size: number): Uint8Array {
    return this.#roots[size]!;
  }

  note(size: number, { key, sign } = log): string {
    const text = checkpointText({ origin: key.name, size, root: this.root(size) });
    return signedNote(text, [signatureLine(text, key, sign, 0)]);
  }

  proof(old: number, size: number): readonly Uint8Array[] {
    return old === 0 || old === size ? [] : consistencyProof(hash, (level, index) => this.#nodes.get(`${level} ${index}`)!, old, size);
  }

  request(old: number, size: number, note = this.note(size)): string {
    return witnessRequestText({ old, proof: this.proof(old, size), note });
  }
}

const one = new Log("one", 40);
const other = new Log("other", 40);
const judge = (body: string, cosigned?: Cosigned, keys = [log.key]) => judgeCheckpoint(hash, body, keys, () => cosigned, verifyEd25519);
const at = (size: number, of = one): Cosigned => ({ size, root: of.root(size) });

test("[T34] a request to a witness is read as it is written, and any other text is none", () => {
  const text = one.request(3, 7);
  const read = parseWitnessRequest(text)!;
  expect([read.old, read.proof, read.note]).toEqual([3, one.proof(3, 7), one.note(7)]);
  expect(witnessRequestText(read)).toBe(text);
  expect(parseWitnessRequest(one.request(0, 7))).toMatchObject({ old: 0, proof: [] });
  const hashes = (count: number) => Array.from({ length: count }, () => hash.empty);
  expect(parseWitnessRequest(witnessRequestText({ old: 3, proof: hashes(63), note: "x" }))?.proof).toHaveLength(63);
  for (const wrong of [
    "",
    one.note(7),
    text.replace("old 3", "old 03"),
    text.replace("old 3", "old -3"),
    text.replace("old 3", "old  3"),
    text.replace("old 3", `old ${2 ** 60}`),
    text.replace("old 3\n", "old 3\nAAAA\n"),
    text.replace("old 3\n", "old 3\nno base 64\n"),
    text.replace("old", "size"),
    witnessRequestText({ old: 3, proof: hashes(64), note: "x" }),
  ])
    expect(parseWitnessRequest(wrong), wrong.slice(0, 40)).toBeUndefined();
});

test("[T35] a witness cosigns a log that it knows, signed, and grown from what it cosigned: at every pair of sizes, and nothing else", () => {
  for (let size = 0; size <= 40; size++)
    for (let old = 0; old <= size; old++) {
      expect(judge(one.request(old, size), old === 0 ? undefined : at(old)).status, `${old} ${size}`).toBe(200);
      // of another log with the same name and key, from the same size on
      if (old > 0) expect(judge(other.request(old, size), at(old)).status, `${old} ${size}`).toBe(422);
    }
  expect(judge(one.request(3, 7), at(3))).toMatchObject({ status: 200, checkpoint: { size: 7 } });
});

test("[T35] every other answer is the one of C2SP tlog-witness: 400, 403, 404, 409 with the size, 422", () => {
  const forged = one.note(7).replace(/ (\S{12})(.)/, (_, before: string, bit: string) => ` ${before}${bit === "A" ? "B" : "A"}`);
  const cases: readonly (readonly [string, string, Cosigned | undefined, object])[] = [
    ["no request", "hello", at(3), { status: 400, why: "noRequest" }],
    ["no checkpoint", witnessRequestText({ old: 3, proof: [], note: "hello\n" }), at(3), { status: 400, why: "noCheckpoint" }],
    ["an unknown log", one.request(3, 7, one.note(7, testKey("elsewhere.example/log", 2))), at(3), { status: 404, why: "unknownLog" }],
    ["another key", one.request(3, 7, one.note(7, testKey(log.key.name, 2))), at(3), { status: 403, why: "notSigned" }],
    ["a forged signature", one.request(3, 7, forged), at(3), { status: 403, why: "notSigned" }],
    [
      "an old size above the new one",
      witnessRequestText({ old: 9, proof: [], note: one.note(7) }),
      at(9),
      { status: 400, why: "oldIsLarger" },
    ],
    ["a size of before", one.request(3, 7), at(5), { status: 409, size: 5 }],
    ["a size that it never cosigned", one.request(3, 7), undefined, { status: 409, size: 0 }],
    ["a log that was set back", one.request(3, 3), at(7), { status: 409, size: 7 }],
    ["no proof", witnessRequestText({ old: 3, proof: [], note: one.note(7) }), at(3), { status: 422 }],
    ["a proof where none is due", witnessRequestText({ old: 0, proof: [hash.empty], note: one.note(7) }), undefined, { status: 422 }],
    ["the same size with another root", other.request(7, 7), at(7), { status: 422, why: "notConsistent" }],
    ["a proof of other sizes", witnessRequestText({ old: 3, proof: one.proof(4, 7), note: one.note(7) }), at(3), { status: 422 }],
  ];
  for (const [name, body, cosigned, verdict] of cases) expect(judge(body, cosigned), name).toMatchObject(verdict);
  const text = checkpointText({ origin: log.key.name, size: 0, root: one.root(1) });
  const notEmpty = signedNote(text, [signatureLine(text, log.key, log.sign, 0)]);
  expect(judge(witnessRequestText({ old: 0, proof: [], note: notEmpty }))).toMatchObject({ status: 422 });
});

testOnSharedData(
  "[T35] a published log is cosigned from each of its checkpoints to each later one, and from no other root",
  "trust/tlog-tiles-log.tar.gz",
  (archive) => {
    const read = (path: string) => new Uint8Array(execFileSync("tar", ["xzOf", archive, `./log/${path}`]));
    const key = parseKeyText("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")!;
    const frontier = new MerkleFrontier(hash);
    const roots = [frontier.root()];
    for (const entry of entriesOfBundle(read(tilePath("entries", 0, 15)))!) {
      frontier.append(hash.leaf(entry), () => {});
      roots.push(frontier.root());
    }
    const tile = read(tilePath(0, 0, 15));
    const notes = roots.map((_, size) => new TextDecoder().decode(read(`checkpoint.${size}`)));
    for (const [size, note] of notes.entries())
      for (let old = 0; old <= size; old++) {
        const proof =
          old === 0 || old === size
            ? []
            : consistencyProof(
                hash,
                nodesOfTiles(hash, () => tile),
                old,
                size,
              );
        const body = witnessRequestText({ old, proof, note });
        expect(judge(body, { size: old, root: roots[old]! }, [key]).status, `${old} ${size}`).toBe(200);
        const other = { size: old, root: hash.leaf(roots[old]!) };
        if (old > 0) expect(judge(body, other, [key]).status, `${old} ${size}`).toBe(422);
      }
  },
);

const witnesses = [1, 2, 3].map((n) => testKey(`witness.example/w${n}`, 10 + n, "cosignature"));
const policyText = witnessPolicyText(
  log.key,
  witnesses.map(({ key }) => ({ key })),
  2,
);
const policy = parseWitnessPolicy(policyText) as WitnessPolicy;
const cosigned = (which: readonly number[], note = one.note(7)): string =>
  note +
  which
    .map((n) => `${signatureLine(note.slice(0, note.indexOf("\n\n") + 1), witnesses[n]!.key, witnesses[n]!.sign, 1_700_000_000 + n)}\n`)
    .join("");

test("[T36] a checkpoint is witnessed by k of n of the policy, each at its time; lines of others do not count, and a wrong line of a known one refuses it", () => {
  for (const [which, isMet] of [
    [[], false],
    [[0], false],
    [[0, 2], true],
    [[2, 1, 0], true],
  ] as const)
    expect(verifyWitnessed(cosigned(which), policy, verifyEd25519)).toMatchObject({
      isMet,
      checkpoint: { size: 7 },
      witnesses: which.map((n) => ({ key: { name: `witness.example/w${n + 1}` }, signedAt: 1_700_000_000 + n })),
    });
  const stranger = testKey("witness.example/w9", 30, "cosignature");
  const text = one.note(7).slice(0, one.note(7).indexOf("\n\n") + 1);
  const strange = `${cosigned([0])}${signatureLine(text, stranger.key, stranger.sign, 1_700_000_000)}\n`;
  expect(verifyWitnessed(strange, policy, verifyEd25519)).toMatchObject({ isMet: false, witnesses: [{}] });
  // the line of another checkpoint, of which the name and id are known
  const moved = one.note(7) + cosigned([0, 1], other.note(7)).slice(other.note(7).length);
  expect(verifyWitnessed(moved, policy, verifyEd25519)).toBeUndefined();
  expect(verifyWitnessed(cosigned([0, 0]), policy, verifyEd25519)).toBeUndefined();
  const unsigned = cosigned([0, 1]).replace(/— plant\.example.*\n/, "");
  expect(verifyWitnessed(unsigned, policy, verifyEd25519)).toBeUndefined();
});

test("[T36] a policy of C2SP tlog-policy is read with groups of groups; a line that is not understood refuses the whole and is named", () => {
  const [w1, w2, w3] = witnesses.map(({ key }) => keyText(key)) as [string, string, string];
  const read = parseWitnessPolicy(
    `# ours\nlog ${keyText(log.key)} https://log.example/\n\nwitness a ${w1}\n witness\tb ${w2} https://b.example/\nwitness c ${w3}\ngroup two any b c\ngroup all2 all a two\nquorum all2\n`,
  ) as WitnessPolicy;
  const [a, b, c] = witnesses.map(({ key }) => key) as [(typeof log)["key"], (typeof log)["key"], (typeof log)["key"]];
  expect([read.isMet([a]), read.isMet([b, c]), read.isMet([a, c]), read.isMet([])]).toEqual([false, false, true, false]);
  expect(read.witnesses[1]).toMatchObject({ name: "b", url: "https://b.example/" });
  expect((parseWitnessPolicy("quorum none\n") as WitnessPolicy).isMet([])).toBe(true);
  for (const [text, line, why] of [
    [`witness a ${w1}\n`, 2, "noQuorum"],
    [`witness a ${keyText(log.key)}\nquorum a`, 1, "noKey"],
    [`log ${w1}\nquorum none`, 1, "noKey"],
    [`witness a ${w1}\nwitness b ${w1}\nquorum a`, 2, "twice"],
    [`witness a ${w1}\nwitness a ${w2}\nquorum a`, 2, "nameTaken"],
    [`witness none ${w1}\nquorum none`, 1, "nameTaken"],
    [`witness a ${w1}\ngroup g 2 a\nquorum g`, 2, "threshold"],
    [`witness a ${w1}\ngroup g 1 a a\nquorum g`, 2, "twice"],
    [`witness a ${w1}\ngroup g 1 b\nquorum g`, 2, "unknownName"],
    ["quorum b", 1, "unknownName"],
    ["quorum none\nquorum none", 2, "twice"],
    ["quorom none", 1, "unknownLine"],
  ] as const) {
    const fault = parseWitnessPolicy(text);
    expect(isPolicyFault(fault) && [fault.line, fault.why], text).toEqual([line, why]);
  }
});
