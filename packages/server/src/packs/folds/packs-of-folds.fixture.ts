import { smallPack } from "../packs.fixture.ts";
import { block, operation } from "../served-packs.fixture.ts";

export const TANK = "brewery.tank";
export const LEVEL = "brewery.level";
export const OUTFLOW = "outflow";

const outputs = [
  { type: OUTFLOW, valueType: "double", unit: "l", title: { en: "drawn", zh: "取出量" } },
  { type: "state", valueType: "string", title: { en: "state", zh: "状态" } },
];

/** The fold of a pack that says how much was drawn from a tank, and whether it is empty: whenever its level is another one. */
export const LEVEL_FOLD = `
export default {
  open({ fields }, emit, state = { last: null, drawn: 0 }) {
    return {
      take({ input, value, quality }) {
        if (input !== "level" || quality !== 0) return;
        if (state.last !== null && value < state.last) emit("outflow", (state.drawn += (state.last - value) * (fields.litres ?? 1)));
        if ((value === 0) !== (state.last === 0)) emit("state", value === 0 ? "empty" : "filled");
        state.last = value;
      },
      snapshot: () => state,
    };
  },
};`;

/** A pack with one fold over tanks, and an operation that asks it. */
export function packWithFold(code = LEVEL_FOLD, more: Readonly<Record<string, unknown>> = {}, version = "0.1.0"): Map<string, Uint8Array> {
  const kind = {
    id: TANK,
    schema: {
      type: "object",
      properties: { name: { type: "string" }, level: { type: "string" }, litres: { type: "number" } },
      required: ["name"],
    },
  };
  const fold = { id: LEVEL, version: 1, module: "./folds/level.js", kind: TANK, inputs: ["level"], outputs, ...more };
  const ask = operation("drawn", { route: "POST /packs/brewery/drawn", body: {}, answer: { type: "array" } });
  return smallPack(
    {
      "folds/level.js": code,
      "server/open.js": `export const open = async (ctx) => ({ handlers: { "brewery.drawn": async ({ view, body }) => view.conclude(body) } });`,
    },
    block([ask], { kinds: [kind], folds: [fold] }, ["read", "record"]),
    version,
  );
}
