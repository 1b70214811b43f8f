import { expect, test } from "vitest";
import { randomOf } from "../segments/random.fixture.ts";
import { checkedLinePack, lineOf, packLines } from "./line-pack.ts";

test("[ST32] every line of a pack comes back on its own, whatever it holds", () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1e9);
  console.info(`seed ${seed}`);
  const random = randomOf(seed);
  const any = (below: number): number => Math.floor(random() * below);
  const texts = ["", "a", "é漢😀", '"\\\n\t', "x".repeat(300), "urn:example:", "\ud800", String(random())];
  for (let round = 0; round < 400; round++) {
    const lines = Array.from({ length: 1 + any(64) }, (_, i) =>
      any(5) === 0
        ? JSON.stringify(texts[any(texts.length)])
        : JSON.stringify({ id: `element:${i}`, value: texts[any(texts.length)]!, order: any(1_000), more: any(2) === 0 }),
    );
    const pack = packLines(lines)!;
    expect(lines.map((_, line) => lineOf(checkedLinePack(pack), line))).toEqual(lines);
  }
});

test("[ST32] a pack of lines is shorter than its lines where they are alike, long ones are left to deflate, and no flipped byte passes", () => {
  const lines = Array.from({ length: 20 }, (_, i) =>
    JSON.stringify({ id: `element:${i}`, kind: "element", parent: "element:above", value: i }),
  );
  const pack = packLines(lines)!;
  expect(pack.length).toBeLessThan(lines.join("\n").length / 2);
  expect(packLines(["x".repeat(60_001)])).toBeUndefined();
  for (let at = 1; at < pack.length; at++) {
    const flipped = pack.slice();
    flipped[at]! ^= 1 << (at % 8);
    expect(() => checkedLinePack(flipped)).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
  }
  expect(() => checkedLinePack(pack.slice(0, 4))).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
});
