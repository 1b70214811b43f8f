import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf, eventually, startSite, type RunningSite } from "./running-site.ts";

// The server is killed again and again while people sign handovers; each of them is on its way to another point when it dies.
const AMPLE_MS = 900_000;
const ROUNDS = Number(process.env["ROUNDS"] ?? 6);
const SIGNERS = 8;

let site: RunningSite;
/** Beginning of a closed shift. */
let shift: number;

interface Page {
  readonly shift?: { readonly from: number; readonly good: number; readonly revision: number; readonly isRunning: boolean };
  readonly before?: { readonly from: number };
  readonly signatures: readonly Signature[];
}
interface Signature {
  readonly id: string;
  readonly role: string;
  readonly by: string;
  readonly at: number;
  readonly figures: { readonly good: number };
}

const pageOf = async (from?: number): Promise<Page> =>
  await clientOf(site.url, "reader").requester.json<Page>("GET", `/shift-page${from === undefined ? "" : `?shift=${from}`}`);

beforeAll(async () => {
  site = await startSite({ minimal: true });
  shift = await eventually(async () => {
    if (!(await site.client("reader").world()).backfill.done) return undefined;
    return (await pageOf()).before?.from;
  }, "a closed shift");
  await figures();
  // nothing arrives late from now on: what is signed stays as it was seen
  await site.plant.stop("SIGKILL");
}, AMPLE_MS);
afterAll(() => site?.stop());

/** Those of the shift, once two looks at it agree. */
async function figures(): Promise<{ readonly good: number; readonly revision: number; readonly notes: number }> {
  let before = "";
  return eventually(async () => {
    const page = await pageOf(shift);
    const text = JSON.stringify([page.shift?.good, page.shift?.revision]);
    const isSame = text === before && page.shift !== undefined && page.shift.from === shift;
    before = text;
    return isSame ? { good: page.shift!.good, revision: page.shift!.revision, notes: 0 } : undefined;
  }, "the figures of the shift");
}

type Answer = "signed" | "refused" | "gone";

async function sign(name: string, seen: Awaited<ReturnType<typeof figures>>): Promise<Answer> {
  try {
    await clientOf(site.url, name).requester.json("POST", "/shift-signatures", { body: { shift, role: "handsOver", seen } });
    return "signed";
  } catch (error) {
    return (error as { readonly code?: string }).code === "DW_CONFLICT" ? "refused" : "gone";
  }
}

test(
  "[E185] [SP6] a server that is killed while handovers are signed has each signature whole or not at all afterwards: what was answered is there, what is not there can be signed, and nobody signs twice",
  async () => {
    const seen = await figures();
    // how long one takes here decides when the server is killed
    const began = performance.now();
    expect(await sign("first", seen)).toBe("signed");
    const takesMs = performance.now() - began;
    const outcomes = { answered: 0, kept: 0, absent: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const names = Array.from({ length: SIGNERS }, (_, n) => `signer ${round}-${n}`);
      const step = (3 * takesMs) / SIGNERS;
      const died = new Promise<void>((resolve) => site.server.child.once("exit", () => resolve()));
      const answers = Promise.all(
        names.map(async (name, at) => {
          await new Promise((resolve) => setTimeout(resolve, at * step));
          return [name, await sign(name, seen)] as const;
        }),
      );
      setTimeout(() => site.server.child.kill("SIGKILL"), takesMs * (0.5 + (5 * round) / ROUNDS));
      await died;
      const told = new Map(await answers);
      await site.restartServer("SIGKILL");
      await figures();
      const { signatures } = await pageOf(shift);
      for (const name of names) {
        const own = signatures.filter(({ by }) => by === name);
        expect(own.length).toBeLessThanOrEqual(1);
        if (told.get(name) === "signed") expect(own).toHaveLength(1);
        for (const signature of own) expect(signature).toMatchObject({ role: "handsOver", figures: { good: seen.good } });
        outcomes[told.get(name) === "signed" ? "answered" : own.length === 1 ? "kept" : "absent"]++;
        expect(await sign(name, seen)).toBe(own.length === 1 ? "refused" : "signed");
      }
      const after = (await pageOf(shift)).signatures.filter(({ by }) => names.includes(by));
      expect(after.map(({ by }) => by).toSorted()).toEqual(names.toSorted());
    }
    // it was killed before, in the middle of and after signatures
    expect(outcomes.answered + outcomes.kept).toBeGreaterThan(0);
    expect(outcomes.absent).toBeGreaterThan(0);
  },
  AMPLE_MS,
);
