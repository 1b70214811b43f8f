import { expect, test } from "vitest";
import { endpoint, feature, port, slot, topic, z } from "../index.ts";

test("[K4] tokens, endpoints, topics and manifests are returned as they are; a bad one is a bug", () => {
  expect(port("alarms.list", 1)).toEqual({ kind: "port", key: "alarms.list@1" });
  expect(() => port("alarms", 1)).toThrow(/feature\.thing/);
  expect(() => slot("alarms.rowAction", 0)).toThrow(/whole number from 1/);
  const list = { id: "alarms.list", route: "GET /alarms/:id", summary: "List", action: "read", answer: z.string() } as const;
  expect(endpoint(list)).toBe(list);
  expect(() => endpoint({ ...list, id: "Alarms" })).toThrow(/feature\.operation/);
  expect(() => endpoint({ ...list, subject: "params.alarm" })).toThrow(/no parameter alarm/);
  expect(() => topic({ id: "changed", summary: "", action: "read", payload: z.string() })).toThrow(/feature\.thing/);
  const manifest = {
    id: "alarms",
    perWorld: true,
    needs: { ports: [], may: [] },
    offers: { ports: [], slots: [] },
    contract: [list],
    topics: [],
    kinds: [],
    folds: [],
    jobs: [],
    words: "./words",
  } as const;
  expect(feature(manifest)).toBe(manifest);
  expect(() => feature({ ...manifest, id: "My alarms" })).toThrow(/kebab case/);
  expect(() => feature({ ...manifest, server: "server/open.ts" })).toThrow(/begins with/);
  const contributes = [{ slot: slot("line.sources", 1), module: "./source.ts" }];
  expect(() => feature({ ...manifest, contributes })).toThrow(/contributes to line.sources@1/);
});
