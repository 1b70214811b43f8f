import { expect, test } from "vitest";
import { LINK_KINDS, type LinkKind } from "./links.ts";
import { trace, type LinkReader, type LinkRow } from "./trace.ts";

const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
console.info(`seed of the traces: ${seed} (FUZZ_SEED)`);
let state = seed >>> 0;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

interface Step {
  readonly at: number;
  readonly kind: LinkKind;
  readonly from: number;
  readonly into: number;
}

const THINGS = 9;

function steps(): readonly Step[] {
  return Array.from({ length: 5 + random(30) }, (_, at) => {
    const kind = LINK_KINDS[random(LINK_KINDS.length)]!;
    const into = random(THINGS);
    const from = kind === "emptied" ? into : (into + 1 + random(THINGS - 1)) % THINGS;
    return { at: at + 1, kind, from, into };
  });
}

/** Rows as the index gives them, whatever order the events came in. */
function readerOf(all: readonly Step[]): LinkReader {
  const rows = all
    .map(({ at, kind, from, into }): LinkRow => ({ from, into, at, event: at, kind: LINK_KINDS.indexOf(kind), place: 1 }))
    .toSorted((a, b) => a.from - b.from || a.into - b.into || a.at - b.at);
  return {
    links: (things, direction) => rows.filter((row) => things.includes(direction === "into" ? row.from : row.into)),
    emptied: (containers) => rows.filter(({ from, into }) => from === into && containers.includes(into)),
  };
}

/** What something is in now: walked through instant by instant, as one who stands beside it. */
function forwardByHand(all: readonly Step[], root: number): ReadonlySet<number> {
  const reached = new Set([root]);
  const tainted = new Set([root]);
  let inside: { readonly child: number; readonly parent: number; readonly kind: LinkKind }[] = [];
  const holding = (): ReadonlySet<number> => {
    const held = new Set(tainted);
    for (let size = -1; size !== held.size;) {
      size = held.size;
      for (const { child, parent } of inside) if (held.has(child)) held.add(parent);
    }
    return held;
  };
  for (const { kind, from, into } of all) {
    const before = holding();
    if (kind === "made" && before.has(from)) tainted.add(into);
    if (
      (kind === "packed" || kind === "assembled") &&
      !inside.some((each) => each.child === from && each.parent === into && each.kind === kind)
    )
      inside.push({ child: from, parent: into, kind });
    const ended = kind === "unpacked" ? "packed" : kind === "disassembled" ? "assembled" : undefined;
    if (ended !== undefined) inside = inside.filter((each) => each.child !== from || each.parent !== into || each.kind !== ended);
    if (kind === "emptied") inside = inside.filter((each) => each.parent !== into || each.kind !== "packed");
    for (const thing of holding()) reached.add(thing);
  }
  return reached;
}

test(`[TK10] what is reached forward is what somebody sees who follows a thing through time (seed ${seed})`, () => {
  for (let n = 0; n < 3_000; n++) {
    const all = steps();
    const root = random(THINGS);
    const traced = trace(readerOf(all), { root, direction: "into", limit: 100, sees: () => true });
    const what = `seed ${seed}, round ${n}, root ${root}: ${JSON.stringify(all)}`;
    expect(traced.things.map(({ thing }) => thing).toSorted(), what).toEqual([...forwardByHand(all, root)].toSorted());
  }
});

test("[TK10] backward is the other way round: what was made is made of what reaches it", () => {
  // without things that are taken out again both directions say the same
  for (let n = 0; n < 1_000; n++) {
    const all = steps().filter(({ kind }) => kind === "made");
    for (let thing = 0; thing < THINGS; thing++) {
      const back = trace(readerOf(all), { root: thing, direction: "from", limit: 100, sees: () => true });
      const expected = Array.from({ length: THINGS }, (_, root) => root).filter((root) => forwardByHand(all, root).has(thing));
      expect(back.things.map((each) => each.thing).toSorted(), `seed ${seed}, round ${n}`).toEqual(expected);
    }
  }
});

test("[TK10] places that may not be seen lead nowhere, and a limit is told", () => {
  const all: readonly Step[] = [
    { at: 1, kind: "made", from: 0, into: 1 },
    { at: 2, kind: "made", from: 1, into: 2 },
  ];
  const options = { root: 0, direction: "into", limit: 100 } as const;
  expect(trace(readerOf(all), { ...options, sees: () => false }).things).toHaveLength(1);
  expect(trace(readerOf(all), { ...options, sees: () => true, limit: 2 })).toMatchObject({
    isCut: true,
    things: [{ depth: 0 }, { depth: 1 }],
  });
  expect(trace(readerOf(all), { ...options, sees: () => true, limit: 3 }).isCut).toBe(false);
  expect(trace(readerOf(all), { ...options, sees: () => true, at: 1 }).things).toHaveLength(2);
});
