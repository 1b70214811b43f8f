import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ALARM_ACT,
  alarmDefinition,
  alarmFold as fold,
  alarmStepsOf,
  flowFold,
  flowInstance,
  inputsOfAlarms,
  type AlarmEvent,
  type AlarmRule,
} from "@doppelwerk/operations";
import { alarmFold, lineModels } from "@doppelwerk/ports";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { createFoldRun, LIVE, MINUTE, SECOND, type AnyFold, type Concluded, type FoldRun, type RunMember } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { clientOf } from "../../e2e/running-site.ts";
import { plantOfRecord, recordedRules } from "../../packages/operations/src/line/recorded-plant.fixture.ts";
import { batchOf, fixtureLine, SHIFT_START } from "../../packages/operations/src/line/small-line.fixture.ts";
import { derivePast, derivePastHere } from "../../packages/server/src/folds/derive-past.ts";
import type { FoldedPiece } from "../../packages/server/src/folds/fold-worker.ts";
import { BENCH, fieldsOf, setUpBench } from "./bench.fixture.ts";
import * as alarms from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarm-fold-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = fixtureLine();
const { samples, acts, end } = plantOfRecord();

/** Linear congruence (glibc); a failing test names its seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 2 ** 31;
}

/** The recorded rules with other limits, delays and latching. */
function rulesOf(random: () => number): readonly AlarmRule[] {
  return recordedRules.map((rule) => ({
    ...rule,
    ...(rule.condition.kind === "high" && {
      condition: { ...rule.condition, limit: rule.condition.limit + Math.round(10 * random()) - 5 },
    }),
    onDelayS: Math.floor(random() * 40),
    offDelayS: Math.floor(random() * 40),
    latching: random() < 0.3,
  }));
}

function membersOf(rules: readonly AlarmRule[]): readonly (RunMember & { readonly url: string })[] {
  const flow = flowInstance(line);
  const first = flow.inputs.flatMap((input) => ("signal" in input ? [input.signal] : []));
  const definition = alarmDefinition({ rules, since: { "late-rule": SHIFT_START + 90 * MINUTE } }, first);
  const urlOf = (path: string): string => new URL(path, import.meta.url).href;
  return [
    { fold: flowFold as AnyFold, url: urlOf("../line/folds/flow.ts"), ...flow },
    { fold: fold as AnyFold, url: urlOf("folds/alarms.ts"), subject: "plant", definition, inputs: inputsOfAlarms(definition, [line.id]) },
  ];
}

const eventsOf = (concluded: readonly Concluded[]): readonly AlarmEvent[] => alarmStepsOf(concluded);

function recordActs(run: FoldRun): void {
  for (const [at, { instant, action }] of acts.entries()) run.record(ALARM_ACT, action, instant, `act ${at}`);
}

/** Everything in one batch. */
function atOnce(members: readonly RunMember[]): readonly AlarmEvent[] {
  const run = createFoldRun(members);
  recordActs(run);
  const { batch, ids } = batchOf(samples);
  run.step(batch, ids);
  run.advance(end);
  return eventsOf(run.drain());
}

test("[AL23] [level: fold] however samples are cut into batches, and wherever folding is broken off and resumed from its state, the steps are the same", () => {
  for (let round = 0; round < 6; round++) {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = randomOf(seed);
    const members = membersOf(rulesOf(random));
    const expected = atOnce(members);
    expect(expected.length, `seed ${seed}`).toBeGreaterThan(20);
    let run = createFoldRun(members);
    recordActs(run);
    const found: AlarmEvent[] = [];
    for (let at = 0; at < samples.length;) {
      let to = Math.min(samples.length, at + 1 + Math.floor(random() * 300));
      while (to < samples.length && samples[to]!.sourceTime === samples[to - 1]!.sourceTime) to++;
      const { batch, ids } = batchOf(samples.slice(at, to));
      run.step(batch, ids);
      run.advance(samples[to - 1]!.sourceTime);
      found.push(...eventsOf(run.drain()));
      at = to;
      if (random() > 0.2) continue;
      // as after a restart: the states, with the acts that wait in them, go through JSON
      const states = members.map((member) => JSON.parse(JSON.stringify(run.snapshot(member.fold.id, member.subject))) as never);
      run = createFoldRun(members.map((member, n) => ({ ...member, from: states[n]! })));
    }
    run.advance(end);
    found.push(...eventsOf(run.drain()));
    expect(found, `seed ${seed}`).toEqual(expected);
  }
});

test("[AL23] [level: fold] in this thread, in one worker and in three at once the past gives the same steps", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const members = membersOf(rulesOf(randomOf(seed)));
  const expected = atOnce(members).map((event) => JSON.stringify(event));
  const history = createMemoryHistory();
  const { batch, ids } = batchOf(samples);
  await history.append(LIVE, batch, ids);
  const derive = async (where: typeof derivePast | typeof derivePastHere): Promise<readonly string[]> => {
    const steps: string[] = [];
    const shared = {
      history,
      wanted: (wanted: readonly string[]) => wanted.filter((id) => ids.includes(id)).map((id) => ({ id, index: ids.indexOf(id) })),
      from: SHIFT_START,
      to: end + 1,
      recorded: acts.map(({ instant, action }, at) => ({ type: ALARM_ACT, event: action, at: instant, id: `act ${at}` })),
      onPiece: ({ samples: kept }: FoldedPiece) => void steps.push(...kept.flatMap(({ text }) => (text.startsWith("{") ? [text] : []))),
      signal: new AbortController().signal,
    };
    if (where === derivePast) await derivePast({ ...shared, members: members.map(({ fold: _fold, ...member }) => member) });
    else await derivePastHere({ ...shared, members });
    return steps;
  };
  expect(await derive(derivePastHere), `seed ${seed}`).toEqual(expected);
  expect(await derive(derivePast), `seed ${seed}`).toEqual(expected);
  for (const steps of await Promise.all([1, 2, 3].map(() => derive(derivePast)))) expect(steps, `seed ${seed}`).toEqual(expected);
});

test("[AL23] [level: fold] what was judged live is what the past gives when it is derived again, and what a branch with the same rules gives", async () => {
  const from = Date.now() * 1_000;
  const stepsOf = async (site: HostedWorld) =>
    (await site.features.port(alarmFold).transitions(from, site.now() + MINUTE, undefined)).map(({ alarm }) => alarm);
  const site = await openProduct(folder);
  await setUpBench(site, {
    high: fieldsOf("high"),
    slow: fieldsOf("slow", { onDelayS: 1, offDelayS: 0.5, latching: true }),
    low: fieldsOf("low", { condition: { kind: "low", signal: "signal:low", limit: 45, deadband: 10 } }),
  });
  await expect.poll(async () => (await site.features.port(alarmFold).rules()).some(({ id }) => id === "alarmRule:slow")).toBe(true);
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = randomOf(seed);
  const begun = site.now();
  for (let n = 0; n < 60; n++) {
    const time = site.now();
    await plantsOf(site).bring(
      BENCH,
      ["high", "slow", "low"].map((address) => ({ address, value: Math.round(100 * random()), time })),
    );
    await new Promise((resolve) => setTimeout(resolve, 100 * random()));
  }
  const to = site.now();
  await expect.poll(() => site.now() - to).toBeGreaterThan(3 * SECOND);
  await site.features
    .port(alarmFold)
    .act({ rule: "alarmRule:high", action: "shelve", actor: "ada", reason: "test", until: site.now() + 600 * SECOND });
  const live = await stepsOf(site);
  expect(live.length, `seed ${seed}`).toBeGreaterThan(10);
  await site.close();
  // without states everything is derived again
  rmSync(join(folder, "derived"), { recursive: true });
  const again = await openProduct(folder);
  await expect.poll(() => again.features.port(lineModels).isHistoryRead()).toBe(true);
  expect(await stepsOf(again), `seed ${seed}`).toEqual(live);
  const { id } = await again.view(SYSTEM).fork({ name: "the same rules", parent: LIVE, instant: again.now(), reason: "test" });
  const app = await createSiteApp(again);
  const client = clientOf(await app.listen({ port: 0, host: "127.0.0.1" }), "Ada");
  const rules = (await alarms.rules(client, { query: { branch: id } })).map((rule) => ({ id: rule.id, fields: rule.fields }));
  const trial = await alarms.tryRules(client, { query: { branch: id }, body: { from: begun, to: to + 3 * SECOND, rules } });
  const raised = live.filter(({ state }) => state === "unacknowledged").map(({ rule, changed }) => `${changed} ${rule}`);
  expect(trial.raised.map(({ rule, at }) => `${at} ${rule}`).toSorted(), `seed ${seed}`).toEqual(raised.toSorted());
  await app.close();
  await again.close();
});
