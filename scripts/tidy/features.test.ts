import type { FeatureOptions } from "@doppelwerk/kit";
import { expect, test } from "vitest";
import { checkStrangers } from "./features.ts";

const manifest = (id: string, features: readonly string[] = []) =>
  ({ id, needs: { ports: [], may: [], features } }) as unknown as FeatureOptions;
const source = (file: string, specifier: string) => ({
  file,
  text: "",
  isTest: true,
  imports: [{ specifier, isTypeOnly: false, isLazy: false }],
  functions: [],
  silentCatches: [],
});

test("what stays when a feature is deleted imports none; the lists of the product and what needs it do", () => {
  const features = [manifest("alarms"), manifest("assets"), manifest("escalation", ["alarms"])];
  const found = checkStrangers(features, [
    source("e2e/story.test.ts", "../features/alarms/calls.ts"),
    source("bench/import.ts", "../features/assets/server/files/importer.ts"),
    source("features/assets/e2e.test.ts", "../alarms/contract.ts"),
    source("apps/doppelwerk/src/main.ts", "../../../features/alarms/server/command.ts"),
    source("apps/doppelwerk/src/features.ts", "../../../features/alarms/feature.ts"),
    source("features/escalation/e2e.test.ts", "../alarms/contract.ts"),
    source("features/alarms/e2e.test.ts", "./calls.ts"),
  ]);
  expect(found.map((line) => line.split(":")[0])).toEqual([
    "e2e/story.test.ts",
    "bench/import.ts",
    "features/assets/e2e.test.ts",
    "apps/doppelwerk/src/main.ts",
  ]);
});
