import { MINUTE, SECOND, type Instant, type Sample } from "@doppelwerk/world";
import type { OperatorAction } from "../alarms/operator-action.ts";
import type { AlarmCondition, AlarmRule } from "../alarms/alarm-rule.ts";
import { runLine, sample, SHIFT_START, stream } from "./small-line.fixture.ts";

// A morning of the small line with waits, stops, silence and process values, and what operators did: `recorded-outputs.json` holds what was concluded.

const text = (word: string) => ({ en: word, zh: word });
const rule = (id: string, condition: AlarmCondition, more: Partial<AlarmRule> = {}): AlarmRule => ({
  id,
  kind: "alarmRule",
  title: text(id),
  condition,
  priority: 2,
  onDelayS: 0,
  offDelayS: 0,
  cause: text("cause"),
  consequence: text("consequence"),
  response: text("response"),
  timeToRespondS: 60,
  latching: false,
  suppressedIn: [],
  enabled: true,
  ...more,
});

export const recordedRules: readonly AlarmRule[] = [
  rule("starved", { kind: "state", station: "B", states: ["starved"] }, { station: "B" }),
  rule("failed", { kind: "state", station: "B", states: ["failed"] }, { onDelayS: 60, priority: 1, station: "B" }),
  rule("slow", { kind: "high", signal: "signal:B.LastCycle", limit: 61, deadband: 1 }, { latching: true, priority: 3 }),
  rule("silent", { kind: "noData", signals: ["signal:C.LastCycle"], afterS: 150 }),
  rule(
    "hot",
    { kind: "high", signal: "signal:A.Temperature", limit: 70, deadband: 5 },
    { onDelayS: 20, offDelayS: 30, station: "B", suppressedIn: ["failed"] },
  ),
  rule("apart", { kind: "deviation", signal: "signal:A.Temperature", reference: "signal:B.Temperature", limit: 25, deadband: 2 }),
  rule("late-rule", { kind: "low", signal: "signal:B.Temperature", limit: 50, deadband: 1 }),
  rule("refused", { kind: "low", signal: "signal:B.Temperature", limit: 60, deadband: 1 }, { cause: text(" ") }),
];

export function plantOfRecord(): {
  readonly samples: readonly Sample[];
  readonly acts: readonly { readonly instant: Instant; readonly action: OperatorAction }[];
  readonly end: Instant;
} {
  const random = stream(11);
  const end = SHIFT_START + 200 * MINUTE;
  const waits = Array.from({ length: 40 }, (_, n) => {
    const at = SHIFT_START + (3 + 4 * n) * MINUTE;
    const word = n % 7 === 3 ? "Aborted" : n % 2 === 0 ? 2 : 3;
    return [sample("B", "Starved", n % 2 === 0, at), sample("B", "ItemState", word, at)];
  }).flat();
  const temperatures = Array.from({ length: 400 }, (_, n) => {
    // both at one instant now and then, in either order
    const at = SHIFT_START + n * 30 * SECOND;
    const pair = [
      sample("A", "Temperature", 40 + 45 * random(), at),
      sample("B", "Temperature", 40 + 45 * random(), at + (n % 3) * SECOND),
    ];
    return n % 2 === 0 ? pair : pair.toReversed();
  }).flat();
  const at = (minutes: number): Instant => SHIFT_START + Math.round(minutes * 60) * SECOND;
  return {
    samples: [...runLine(7, 250).samples, ...waits, ...temperatures]
      .filter(({ sourceTime }) => sourceTime < end)
      .toSorted((x, y) => x.sourceTime - y.sourceTime),
    acts: [
      { instant: at(12.5), action: { rule: "hot", action: "acknowledge", actor: "ada", reason: "seen" } },
      { instant: at(30), action: { rule: "slow", action: "reset", actor: "ada" } },
      { instant: at(45), action: { rule: "hot", action: "shelve", actor: "bob", reason: "calibration", until: at(60) } },
      { instant: at(70), action: { rule: "starved", action: "takeOut", actor: "bob", reason: "new sensor" } },
      { instant: at(100), action: { rule: "starved", action: "putBack", actor: "bob" } },
      { instant: at(130), action: { rule: "slow", action: "reset", actor: "ada" } },
    ],
    end,
  };
}
