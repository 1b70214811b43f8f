import { expect, test } from "vitest";
import { InTurns } from "./in-turns.ts";

/** Work that ends when it is told to, and what became of it. */
function watched(turns: InTurns) {
  const [begun, refused, ended] = [[] as string[], [] as string[], [] as string[]];
  const endings = new Map<string, () => void>();
  let most = 0;
  return {
    begun,
    refused,
    ended,
    most: () => most,
    async ask(name: string, of: string): Promise<void> {
      const work = () => {
        begun.push(name);
        most = Math.max(most, endings.size + 1);
        return new Promise<void>((resolve) =>
          endings.set(name, () => {
            endings.delete(name);
            ended.push(name);
            resolve();
          }),
        );
      };
      turns.run(work, of).catch((error: { code: string; details: { retryAfterS: number } }) => {
        expect(error).toMatchObject({ code: "DW_TOO_OFTEN", details: { retryAfterS: 5 } });
        refused.push(name);
      });
      await settled();
    },
    async endAll(): Promise<void> {
      while (endings.size > 0) {
        [...endings.values()][0]!();
        await settled();
      }
    },
  };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("[SV352] of a thousand sign-ins at once one is at work, thirty wait in their order, and the rest is refused at once", async () => {
  const work = watched(new InTurns(1, 30));
  for (let n = 0; n < 1_000; n++) await work.ask(`${n}`, `address ${n}`);
  expect(work.begun).toEqual(["0"]);
  expect(work.refused).toEqual(Array.from({ length: 969 }, (_, n) => `${n + 31}`));
  await work.endAll();
  expect(work.ended).toEqual(Array.from({ length: 31 }, (_, n) => `${n}`));
  expect(work.most()).toBe(1);
  await work.ask("later", "address 1");
  expect(work.begun.at(-1)).toBe("later");
});

test("[SV352] addresses take turns, and one that fills the queue gives way to others: its newest is refused", async () => {
  const work = watched(new InTurns(1, 6));
  for (let n = 0; n < 8; n++) await work.ask(`flood ${n}`, "flood");
  expect(work.refused).toEqual(["flood 7"]);
  await work.ask("mara", "mara");
  await work.ask("otto", "otto");
  expect(work.refused).toEqual(["flood 7", "flood 6", "flood 5"]);
  await work.endAll();
  expect(work.ended).toEqual(["flood 0", "flood 1", "mara", "otto", "flood 2", "flood 3", "flood 4"]);
});

test("[SV352] who comes while a place is handed on does not get before who waited, and work that fails frees its place", async () => {
  const turns = new InTurns(1, 5);
  const order: string[] = [];
  const failing = turns.run(async () => Promise.reject(new Error("broken")));
  const waiting = turns.run(async () => void order.push("waited"));
  const late = failing.catch(() => turns.run(async () => void order.push("came late")));
  await Promise.all([waiting, late]);
  expect(order).toEqual(["waited", "came late"]);
});
