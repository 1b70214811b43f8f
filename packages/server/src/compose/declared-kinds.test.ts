import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { feature, z } from "@doppelwerk/kit";
import { LIVE, type WorldRecord } from "@doppelwerk/world";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { openHostedWorld, SYSTEM } from "./open-hosted-world.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-declared-kinds-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const limits = feature({
  id: "limits",
  perWorld: true,
  needs: { ports: [], may: [] },
  offers: { ports: [], slots: [] },
  contract: [],
  topics: [],
  kinds: [
    {
      id: "limits.limit",
      record: "limit",
      version: 2,
      schema: z.object({ high: z.number() }),
      upcast: { 1: ({ max }) => ({ high: max }) },
    },
  ],
  folds: [],
  jobs: [],
  words: "./words",
});

test("[FH8] a record of a declared kind is written only if it fits, at each change and in each version", async () => {
  const features = [{ feature: limits, folder: new URL("./", import.meta.url) }];
  const site = await openHostedWorld({ dataDirectory: root, logger: pino({ level: "silent" }), workers: 1, features });
  const view = site.view(SYSTEM);
  const create = (record: object) =>
    view.apply({ branch: LIVE, reason: "test", changes: [{ op: "create", record: { kind: "limit", ...record } as WorldRecord }] });
  await create({ id: "limit:new", version: 2, high: 5 });
  await create({ id: "limit:old", max: 5 });
  for (const bad of [{ version: 3, high: 5 }, { version: 2, high: "5" }, { high: 5 }])
    await expect(create({ id: "limit:bad", ...bad })).rejects.toMatchObject({ code: "DW_INVALID" });
  const to = (id: string, field: string, from: unknown, value: unknown) =>
    view.apply({ branch: LIVE, reason: "test", changes: [{ op: "update", id, fields: { [field]: { from, to: value } } as never }] });
  await to("limit:old", "max", 5, 6);
  await expect(to("limit:new", "high", 5, "high")).rejects.toMatchObject({ code: "DW_INVALID" });
  expect(view.reader(LIVE).get("limit:new")).toMatchObject({ high: 5 });
  await site.close();
});
