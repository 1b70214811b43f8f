import { readFileSync } from "node:fs";
import { validate } from "@doppelwerk/aas";
import { propose } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { eventLogOf } from "../../../packages/connectors/src/event-log/read-log.ts";
import { testOnSharedData } from "../../../scripts/shared-data.ts";
import { precedenceOf, withEventLog } from "./event-log.ts";

const empty = { source: "log", name: "Log", objects: [], variables: [], truncated: false };

test("[SV44] what followed what in each case, the same again being one visit", () => {
  const csv =
    "Case ID;Activity;Timestamp\nb;Saw;2026-01-01T08:00\na;Drill;2026-01-01T09:00\na;Saw;2026-01-01T08:00\na;Saw;2026-01-01T08:30\nb;Drill;2026-01-01T10:00\nb;;x\n";
  expect(precedenceOf(eventLogOf(csv))).toEqual({ activities: ["Drill", "Saw"], precedence: [{ from: "Saw", to: "Drill", count: 2 }] });
});

test("[SV44] a log without a case, or without a row that can be read, is refused with what is missing", () => {
  expect(() => eventLogOf("Name,Activity,Time\na,b,2026-01-01\n")).toThrow("a column for the case; there is none");
  expect(() => eventLogOf("Case,Activity,Time\na,b,yesterday\n")).toThrow(/no row|time/);
});

testOnSharedData("[SV44] a real log of a metal shop becomes assets and a flow that is one", "eventlog/production.csv", (path) => {
  const proposal = propose(withEventLog(empty, eventLogOf(readFileSync(path, "utf8"))));
  const flows = proposal.evidence.filter(({ kind }) => kind === "flow");
  console.log(`event log: ${proposal.counts.assets} activities, ${flows.length} steps of flow`);
  expect(proposal.counts.assets).toBeGreaterThan(20);
  expect(flows.length).toBeGreaterThan(10);
  expect(validate(proposal.environment)).toEqual([]);
});
