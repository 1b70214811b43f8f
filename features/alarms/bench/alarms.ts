import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PerformJobWork } from "@doppelwerk/kit/server";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import { createFoldRun, LIVE, MINUTE, SECOND, type History, type Sample } from "@doppelwerk/world";
import { judgeHistory } from "../server/what-if/judge-history.ts";
import {
  alarmDefinition,
  alarmFold,
  alarmStepsOf,
  inputsOfAlarms,
  judgeColumns,
  rulesBySignals,
  type AlarmCondition,
  type AlarmFolding,
  type AlarmRule,
  type RecordedColumn,
} from "@doppelwerk/operations";
import { batchOf, stream } from "../../../packages/operations/src/line/small-line.fixture.ts";
import { WorkerPool } from "../../../packages/server/src/jobs/worker-pool.ts";
import { reportMedian, timed, type Report } from "../../../bench/report.ts";

const SIGNALS = 300;
const DAYS = Number(process.env["DAYS"] ?? 30);
const ROUNDS = Number(process.env["ROUNDS"] ?? 5);
const BURST = 10_000;
const T0 = Date.UTC(2026, 9, 1) * 1_000;
const text = (word: string) => ({ en: word, zh: word });

/** Rules over samples, a burst of alarms, and the rules of a branch over thirty days. */
export async function bench(report: Report): Promise<void> {
  judging(report);
  burst(report);
  await whatIf(report);
}

function ruleOf(id: string, condition: AlarmCondition): AlarmRule {
  return {
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
    timeToRespondS: 600,
    latching: false,
    suppressedIn: [],
    enabled: true,
  };
}

const idOf = (n: number): string => `signal:s${n}`;

/** A value around 50 that wanders, and leaves 20 to 80 now and then. */
function columnOf(n: number, rows: number, everyUs: number): RecordedColumn {
  const random = stream(n + 1);
  const times = new Float64Array(rows);
  const values = new Float64Array(rows);
  let value = 50;
  for (let row = 0; row < rows; row++) {
    value += (random() - 0.5) * 4 - (value - 50) * 0.005;
    times[row] = T0 + row * everyUs;
    values[row] = value;
  }
  return { times, values, qualities: new Uint8Array(rows), texts: new Map() };
}

const limitsOf = (n: number): readonly AlarmRule[] => [
  ruleOf(`hh${n}`, { kind: "highHigh", signal: idOf(n), limit: 72, deadband: 2 }),
  ruleOf(`h${n}`, { kind: "high", signal: idOf(n), limit: 66, deadband: 2 }),
  ruleOf(`l${n}`, { kind: "low", signal: idOf(n), limit: 34, deadband: 2 }),
  ruleOf(`ll${n}`, { kind: "lowLow", signal: idOf(n), limit: 28, deadband: 2 }),
];

const mixOf = (n: number): readonly AlarmRule[] => [
  ...limitsOf(n).slice(1, 3),
  ruleOf(`e${n}`, { kind: "expression", expression: `last("${idOf(n)}") * 2 - 10 > 130 or abs(last("${idOf(n)}") - 50) > 24` }),
  ruleOf(`r${n}`, { kind: "rate", signal: idOf(n), windowS: 3_600, limit: 25, deadband: 1, direction: "either" }),
  ruleOf(`u${n}`, { kind: "deviation", signal: idOf(n), usualS: 36_000, limit: 22, deadband: 1 }),
];

function judging(report: Report): void {
  const rows = 20_000;
  const columns = Array.from({ length: 40 }, (_, n) => columnOf(n, rows, MINUTE));
  const tasks = (rulesOf: (n: number) => readonly AlarmRule[]) =>
    columns.map((column, n) => ({ rules: rulesOf(n), columns: { [idOf(n)]: column }, acts: [], from: T0, to: T0 + rows * MINUTE }));
  const [limits, mix] = [tasks(limitsOf), tasks(mixOf)];
  const found: Record<"limits" | "mix" | "plain" | "memory", number[]> = { limits: [], mix: [], plain: [], memory: [] };
  for (let round = 0; round <= ROUNDS + 2; round++) {
    const judged = timedSync(() => limits.map((task) => judgeColumns(task, { maxSteps: 100_000, isStopped: () => false })));
    const plain = timedSync(() => limits.map((task, n) => plainly(columns[n]!, task.rules)));
    const before = process.memoryUsage();
    const mixed = timedSync(() => mix.map((task) => judgeColumns(task, { maxSteps: 100_000, isStopped: () => false })));
    const after = process.memoryUsage();
    const raised = judged.result.flatMap(({ steps }) => steps.filter(({ action }) => action === "alarm")).length;
    if (raised === 0 || raised !== plain.result.reduce((sum, count) => sum + count, 0))
      throw new Error(`${raised} alarms, not those of the plain loop`);
    // the first two warm up
    if (round < 2) continue;
    found.limits.push((columns.length * rows * 4) / judged.cpuS / 1e6);
    found.mix.push((columns.length * rows * 5) / mixed.cpuS / 1e6);
    found.plain.push((columns.length * rows * 4) / plain.cpuS / 1e6);
    found.memory.push((after.heapUsed - before.heapUsed) / 2 ** 20);
  }
  reportMedian(report, "alarms", "limits judged a CPU second, bar ≥ 2", "M rule-samples", found.limits);
  reportMedian(report, "alarms", "limits, expressions, rates, usual values judged a CPU second", "M rule-samples", found.mix);
  reportMedian(report, "alarms", "baseline: the same limits in a bare loop over the columns", "M rule-samples", found.plain);
  reportMedian(report, "alarms", "heap that judging takes", "MiB", found.memory);
}

function timedSync<T>(run: () => T): { readonly cpuS: number; readonly result: T } {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  return { cpuS: (user + system) / 1e6, result };
}

/** How often limits are exceeded, with the deadband on the way back. */
function plainly({ values }: RecordedColumn, rules: readonly AlarmRule[]): number {
  let raised = 0;
  for (const { condition } of rules) {
    if (!("limit" in condition)) continue;
    const sign = condition.kind === "high" || condition.kind === "highHigh" ? 1 : -1;
    const [limit, back] = [condition.limit * sign, condition.limit * sign - condition.deadband];
    let held = false;
    for (let row = 0; row < values.length; row++) {
      const over: boolean = values[row]! * sign > (held ? back : limit);
      if (over && !held) raised++;
      held = over;
    }
  }
  return raised;
}

/** As many alarms as rules in one second. */
function burst(report: Report): void {
  const rules = Array.from({ length: BURST }, (_, n) => ruleOf(`r${n}`, { kind: "high", signal: idOf(n), limit: 1, deadband: 0 }));
  const definition = alarmDefinition({ rules, since: {} });
  const samples = (value: number, begin: number): Sample[] =>
    rules.map(
      (_, n) =>
        ({ signal: idOf(n), value, quality: 0, sourceTime: begin + n * 100, serverTime: begin + n * 100, origin: "measured" }) as Sample,
    );
  const [steps, cpu, list, act]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let round = 0; round <= ROUNDS; round++) {
    const run = createFoldRun([{ fold: alarmFold, subject: "alarms", definition, inputs: inputsOfAlarms(definition) }]);
    const feed = (all: readonly Sample[], until: number): void => {
      const { batch, ids } = batchOf(all);
      run.step(batch, ids);
      run.advance(until);
    };
    feed(samples(0, T0), T0 + 2 * SECOND);
    run.drain();
    const began = performance.now();
    const cpuBefore = process.cpuUsage();
    feed(samples(2, T0 + 10 * SECOND), T0 + 12 * SECOND);
    const events = alarmStepsOf(run.drain());
    const judged = performance.now();
    const { user, system } = process.cpuUsage(cpuBefore);
    const folding = run.folding("alarms", "alarms") as AlarmFolding;
    const { active } = folding.list();
    const listed = performance.now();
    run.judge("alarms", "alarms", { rule: "r5000", action: "acknowledge", actor: "otto" }, T0 + 13 * SECOND);
    const acted = performance.now();
    const inOrder = events.every(({ rule, instant }, n) => rule === `r${n}` && instant === T0 + 10 * SECOND + n * 100);
    if (events.length !== BURST || active.length !== BURST || !inOrder)
      throw new Error(`${events.length} alarms of ${BURST}, in order: ${inOrder}`);
    if (round === 0) continue;
    steps.push(judged - began);
    cpu.push((user + system) / 1_000);
    list.push(listed - judged);
    act.push(acted - listed);
  }
  reportMedian(report, "alarms", `${BURST} alarms in a second, none lost, in order: until they are concluded`, "ms", steps);
  reportMedian(report, "alarms", "the same, processor time", "ms", cpu);
  reportMedian(report, "alarms", `the list of ${BURST} active alarms`, "ms", list);
  reportMedian(report, "alarms", `judging an acknowledgement among ${BURST}`, "ms", act);
}

/** Rules of a branch over the record; two threads judge, this one reads. */
async function whatIf(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-alarms-"));
  const rows = DAYS * 1_440;
  const open = (): Promise<History> => openSegmentHistory({ directory: join(root, "history") });
  const written = await open();
  for (let n = 0; n < SIGNALS; n++) {
    const { times, values, qualities } = columnOf(n, rows, MINUTE);
    const batch = {
      origin: "measured" as const,
      count: rows,
      signals: new Uint32Array(rows),
      values,
      qualities,
      sourceTimes: times,
      serverTimes: times,
      texts: new Map(),
    };
    await written.append(LIVE, batch, [idOf(n)]);
  }
  await written.close();
  const history = await open();
  const pool = new WorkerPool({ module: new URL("../jobs/judge-columns.ts", import.meta.url), size: 2, memoryMb: 512 });
  const rules = Array.from({ length: SIGNALS }, (_, n) => mixOf(n)).flat();
  // idle threads let a process end
  const alive = setInterval(() => {}, 1_000);
  const span = { from: T0 + 1, to: T0 + DAYS * 1_440 * MINUTE };
  const [wall, cpu, raw]: [number[], number[], number[]] = [[], [], []];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const judged = await timed(() => judgeHistory(history, pool.run.bind(pool) as PerformJobWork, { rules, ...span, was: [] }));
      if (judged.result.samples < SIGNALS * (rows - 1) || judged.result.steps.length === 0) throw new Error("not all samples were judged");
      const read = await timed(async () => {
        for (let n = 0; n < SIGNALS; n++) await history.raw({ branch: LIVE, signal: idOf(n) }, span.from, span.to);
      });
      wall.push(judged.wallS);
      cpu.push(judged.cpuS);
      raw.push(read.wallS);
    }
    const size = `${rules.length} rules over ${DAYS} days × ${SIGNALS} signals, ${((SIGNALS * rows) / 1e6).toFixed(1)} M samples`;
    reportMedian(report, "alarms", `${size}, 2 workers, bar ≤ 20`, "s", wall);
    reportMedian(report, "alarms", "the same, processor time of all threads", "s", cpu);
    reportMedian(report, "alarms", "baseline: reading these samples alone", "s", raw);
    report({ ...memoryRow(process.memoryUsage().rss / 2 ** 20) });
  } finally {
    clearInterval(alive);
    await pool.close();
    await history.close();
    rmSync(root, { recursive: true, force: true });
  }
  if (rulesBySignals(rules).length !== SIGNALS) throw new Error("rules of different signals were judged together");
}

const memoryRow = (value: number) => ({
  bench: "alarms",
  metric: "memory of the process after it",
  value,
  unit: "MiB",
  n: 1,
  spread: 0,
  load: 0,
  machine: "",
});
