import { alarmSignalId, type AlarmEvent } from "@doppelwerk/operations";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { batchOfKept, LIVE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { recordedAlarms } from "./server/recorded-alarms.ts";

const rule = { id: "alarmRule:pressure" };
const signal = alarmSignalId(rule.id);
const START = 1_000_000 * SECOND;

function step(action: AlarmEvent["action"], state: AlarmEvent["state"], afterS: number, more: Partial<AlarmEvent> = {}): AlarmEvent {
  return {
    rule: rule.id,
    instance: "x",
    action,
    from: "normal",
    state,
    instant: START + afterS * SECOND,
    priority: 2,
    title: { en: "pressure", zh: "pressure" },
    firstOut: false,
    ...more,
  };
}

async function between(steps: readonly AlarmEvent[], fromS: number, toS: number) {
  const history = createMemoryHistory();
  const kept = steps.map((event) => ({ signal, time: event.instant, value: 1, text: JSON.stringify(event) }));
  await history.append(
    LIVE,
    batchOfKept(kept, () => 0),
    [signal],
  );
  const span = { from: START + fromS * SECOND, to: START + toS * SECOND };
  return recordedAlarms(history, [rule], span, (actor) => actor.slice("person:".length));
}
const at = (seconds: number): number => START + seconds * SECOND;

test("[AL80] what lasts into a span is in it with its raise, what was over before is not; an end is the first of return, suppression and another raise", async () => {
  const steps = [
    step("alarm", "unacknowledged", 0),
    step("return", "returnedUnacknowledged", 10, { raisedAt: at(0) }),
    step("acknowledge", "normal", 20, { raisedAt: at(0), actor: "person:ada" }),
    step("alarm", "unacknowledged", 100),
    step("acknowledge", "acknowledged", 150, { raisedAt: at(100), actor: "person:ada" }),
    step("return", "normal", 300, { raisedAt: at(100) }),
    step("alarm", "unacknowledged", 400),
    step("return", "returnedUnacknowledged", 410, { raisedAt: at(400) }),
    step("alarm", "unacknowledged", 420),
    step("shelve", "shelved", 430, { raisedAt: at(420), actor: "person:ada", reason: "flutters", until: at(900) }),
  ];
  const whole = await between(steps, 50, 500);
  expect(whole.alarms.map(({ raised, over }) => [raised, over])).toEqual([
    [at(100), at(300)],
    [at(400), at(410)],
    [at(420), at(430)],
  ]);
  expect(whole.alarms[0]).toMatchObject({ acknowledged: at(150), returned: at(300) });
  expect(whole.aside).toEqual([
    expect.objectContaining({ how: "shelved", from: at(430), until: at(900), by: "ada", reason: "flutters" }) as object,
  ]);
  // the same of a span that begins within one
  expect((await between(steps, 200, 350)).alarms).toMatchObject([{ raised: at(100), over: at(300) }]);
  expect((await between(steps, 320, 350)).alarms).toEqual([]);
  // what is set aside when it begins is so from then on
  expect((await between([...steps, step("unshelve", "normal", 700)], 600, 800)).aside).toMatchObject([{ from: at(430), to: at(700) }]);
});
