import { LIVE, importChanges, type SignalRecord } from "@doppelwerk/world";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { vi } from "vitest";
import { plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import type { AlarmRuleFields } from "./contract.ts";

// A small line with signals `signal:NAME` that a test enters, and rules `alarmRule:NAME` over them.

export const BENCH = "connection:bench";

export const text = (en: string) => ({ en, zh: en });

export function fieldsOf(name: string, more: Partial<AlarmRuleFields> = {}): AlarmRuleFields {
  return {
    title: text(`${name} too high`),
    condition: { kind: "high", signal: `signal:${name}`, limit: 50, deadband: 0 },
    priority: 2,
    onDelayS: 0,
    offDelayS: 0,
    cause: text("cause"),
    consequence: text("consequence"),
    response: text("response"),
    timeToRespondS: 600,
    latching: false,
    suppressedIn: [],
    enabled: true,
    ...more,
  };
}

export function signalOf(name: string, more: Partial<SignalRecord> = {}): SignalRecord {
  return { id: `signal:${name}`, kind: "signal", name, valueType: "double", connection: BENCH, address: name, ...more };
}

/** Writes the line, the signals and the rules of these names, and waits for the connection. */
export async function setUpBench(
  site: HostedWorld,
  rules: Readonly<Record<string, AlarmRuleFields>>,
  signals: readonly SignalRecord[] = Object.keys(rules).map((name) => signalOf(name)),
): Promise<void> {
  const view = site.view(SYSTEM);
  const bench = { id: BENCH, kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true, settings: {} };
  const records = [
    bench,
    ...signals,
    ...Object.entries(rules).map(([name, fields]) => ({ ...fields, id: `alarmRule:${name}`, kind: "alarmRule" })),
  ];
  await view.apply({
    branch: LIVE,
    reason: "a line with alarm rules",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      ...records.map((record) => ({ op: "create" as const, record: record as never })),
    ],
  });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ id, state }) => id === BENCH && state === "connected"), {
    timeout: 60_000,
  });
}
