import type { BrowseResult, ConnectionTarget } from "@doppelwerk/connectors";
import { expect, test } from "vitest";
import { findPlant } from "./connection-target.ts";

const result = (drafts: BrowseResult["drafts"]): BrowseResult => ({ name: "broker", drafts, truncated: false }) as unknown as BrowseResult;
const draft = { name: "Good", address: "G/N/D#Good", valueType: "integer" } as unknown as BrowseResult["drafts"][number];

test("[SV97] where an address may mean several protocols, one that offers nothing gives way to the next; where none offers anything the first tells so", async () => {
  const asked: string[] = [];
  const hostOf = (speaks: string | undefined) => ({
    browse: async (target: string | ConnectionTarget) => {
      const { protocol } = target as ConnectionTarget;
      asked.push(protocol);
      return result(protocol === speaks ? [draft] : []);
    },
  });
  const found = await findPlant(hostOf("sparkplug"), { url: "mqtt://broker:1883" });
  expect([found.target.protocol, found.found.drafts.length]).toEqual(["sparkplug", 1]);
  expect(asked.at(-1)).toBe("sparkplug");
  const first = asked[0];
  expect((await findPlant(hostOf(undefined), { url: "mqtt://broker:1883" })).target.protocol).toBe(first);
  asked.length = 0;
  await findPlant(hostOf(undefined), { url: "mqtt://broker:1883", protocol: "mqtt" });
  expect(asked).toEqual(["mqtt"]);
});
