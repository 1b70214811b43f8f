import type { FeatureOptions } from "@doppelwerk/kit";
import { expect, test } from "vitest";
import { checkStrangers } from "./features.ts";

const manifest = (id: string, features: readonly string[] = [], needed: readonly string[] = [], offered: readonly string[] = []) => {
  const ports = (keys: readonly string[]) => keys.map((key) => ({ kind: "port", key }));
  return {
    id,
    needs: { ports: ports(needed), may: [], features },
    offers: { ports: ports(offered), slots: [] },
  } as unknown as FeatureOptions;
};
const source = (file: string, specifier: string) => ({
  file,
  text: "",
  isTest: true,
  imports: [{ specifier, isTypeOnly: false, isLazy: false }],
  functions: [],
  silentCatches: [],
  languages: [],
});

test("what stays when a feature is deleted imports none; the lists of the product and what needs it do", () => {
  const features = [
    manifest("alarms"),
    manifest("assets"),
    manifest("escalation", ["alarms"]),
    manifest("line", [], [], ["flow.line@1"]),
    manifest("simulate", [], ["flow.line@1"]),
  ];
  const found = checkStrangers(features, [
    source("e2e/story.test.ts", "../features/alarms/calls.ts"),
    source("bench/import.ts", "../features/assets/server/files/importer.ts"),
    source("features/assets/e2e.test.ts", "../alarms/contract.ts"),
    source("apps/doppelwerk/src/main.ts", "../../../features/alarms/server/command.ts"),
    source("apps/doppelwerk/src/features.ts", "../../../features/alarms/feature.ts"),
    source("features/escalation/e2e.test.ts", "../alarms/contract.ts"),
    source("features/alarms/e2e.test.ts", "./calls.ts"),
    source("features/simulate/simulate.test.ts", "../line/plant.fixture.ts"),
    source("features/line/line.test.ts", "../simulate/runs.fixture.ts"),
  ]);
  expect(found.map((line) => line.split(":")[0])).toEqual([
    "e2e/story.test.ts",
    "bench/import.ts",
    "features/assets/e2e.test.ts",
    "apps/doppelwerk/src/main.ts",
    "features/line/line.test.ts",
  ]);
});
