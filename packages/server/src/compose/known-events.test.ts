import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, type EventStore, type WorldRecord } from "@doppelwerk/world";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { openHostedWorld, SYSTEM } from "./open-hosted-world.ts";
import { verifyDataFolder } from "./verify-folder.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-known-events-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("[E48] a folder of events that was deleted is noticed by the start and by verify, and the rest is served", async () => {
  const open = () => openHostedWorld({ dataDirectory: root, logger: pino({ level: "silent" }), workers: 1 });
  let site = await open();
  const station: WorldRecord = { id: "shell:s", kind: "shell", aasId: "urn:s", idShort: "s" };
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "a subject", changes: [{ op: "create", record: station }] });
  const event = {
    id: "event:1",
    branch: LIVE,
    subject: station.id,
    type: "alarm.transition",
    version: 1,
    at: site.now(),
    known: site.now(),
    origin: "derived",
  };
  await (site.events as EventStore).record([{ ...event, payload: "{}", keys: [] } as never]);
  await site.close();
  const good = await verifyDataFolder(root);
  expect(good.findings).toEqual([]);
  rmSync(join(root, "events"), { recursive: true });
  const { findings } = await verifyDataFolder(root);
  expect(findings).toEqual([{ kind: "events", file: "events", message: expect.stringContaining("their folder is gone") }]);
  site = await open();
  expect(site.events.damages()).toEqual([{ file: "events", why: expect.stringContaining("put it back") }]);
  await site.close();
});
