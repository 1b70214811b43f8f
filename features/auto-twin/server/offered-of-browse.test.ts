import type { BrowseResult, SignalDraft } from "@doppelwerk/connectors";
import { propose } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { offeredOfBrowse } from "./offered-of-browse.ts";

const options = { source: "s", name: "Plant", described: new Set<string>(), samples: new Map() };
const draft = (path: string, address: string, more: Partial<SignalDraft> = {}): SignalDraft => ({
  name: path.split("/").at(-1)!,
  path: path.split("/"),
  address,
  valueType: "double",
  writable: false,
  hasHistory: false,
  ...more,
});
const found = (...drafts: SignalDraft[]): BrowseResult => ({ serverName: "", namespaces: [], drafts, skipped: [], truncated: false });

test("[SV40] Sparkplug: a device is an asset, a metric of the edge node itself belongs to none", () => {
  const offered = offeredOfBrowse(
    "sparkplug",
    found(
      draft("G/N/Press1/Good", "G/N/Press1/Good", { valueType: "integer" }),
      draft("G/N/Press1/State", "G/N/Press1/State", { valueType: "string" }),
      draft("G/N/Uptime", "G/N//Uptime"),
    ),
    options,
  );
  const proposal = propose(offered);
  expect(proposal.counts).toMatchObject({ offered: 3, assets: 1, signals: 2 });
  expect(proposal.signals.map(({ name, role }) => [name, role])).toEqual([
    ["Press1.Good", "Good"],
    ["Press1.VendorState", "VendorState"],
  ]);
});

test("[SV40] MTConnect: a device is an asset; execution, mode and part counts by their types", () => {
  const items = [
    ["exec", "EXECUTION", "string"],
    ["pc", "PART_COUNT GOOD", "integer"],
    ["all", "PART_COUNT ALL", "integer"],
    ["S1", "ROTARY_VELOCITY ACTUAL", "double"],
  ] as const;
  const drafts = items.map(([name, description, valueType]) => draft(`Mazak/controller/${name}`, name, { description, valueType }));
  const proposal = propose(offeredOfBrowse("mtconnect", found(...drafts), options));
  expect(proposal.counts).toMatchObject({ assets: 1, signals: 4 });
  expect(Object.fromEntries(proposal.signals.map(({ address, role }) => [address, role]))).toMatchObject({
    exec: "VendorState",
    pc: "Good",
    all: "Total",
    S1: "S1",
  });
});

test("[SV43] what other documents describe already is not offered again", () => {
  const offered = offeredOfBrowse("opcua", found(draft("A/x", "x"), draft("A/y", "y")), { ...options, described: new Set(["x"]) });
  expect(offered.variables.map(({ address }) => address)).toEqual(["y"]);
});
