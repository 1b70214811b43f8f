import type { OutAlarm } from "@doppelwerk/connectors/opcua-out";
import type { AlarmFold, ConcludedAlarm } from "@doppelwerk/ports";
import { expect, test, vi } from "vitest";
import { ShownAlarms } from "./show-alarms.ts";

const concluded = (id: string, more: Partial<ConcludedAlarm["alarm"]> = {}, inputs = [`signal:${id}`]): ConcludedAlarm => ({
  alarm: {
    id,
    rule: id,
    station: "OP10",
    title: { en: id, zh: id },
    state: "latched",
    priority: 2,
    since: 1,
    changed: 2,
    ...more,
  },
  inputs,
});

test("[OU12] [OU11] alarms that not every role may read, and those of another twin, are not shown; all are shown again when the process is", async () => {
  const standing = [
    concluded("open"),
    concluded("hidden", {}, ["signal:open", "signal:secret"]),
    concluded("twin", { atPlant: { connection: "c", condition: "condition:nsu=urn:doppelwerk:world:default;s=alarm:x" } }),
    concluded("plant", { state: "shelved", atPlant: { connection: "c", condition: "condition:nsu=urn:plant;s=x" }, reason: "known" }),
  ];
  const sent: [readonly OutAlarm[], boolean][] = [];
  let follower: (concluded: ConcludedAlarm) => void = () => {};
  const fold = {
    at: async () => standing,
    follow(listener: typeof follower) {
      follower = listener;
      return () => {};
    },
  } as unknown as AlarmFold;
  const shown = new ShownAlarms(
    {} as never,
    { alarms: (alarms, all) => void sent.push([alarms, all]) },
    {
      fold: () => fold,
      roleOf: () => undefined,
      isForAll: (signal) => signal !== "signal:secret",
    },
  );
  shown.turn();
  await vi.waitUntil(() => sent.length === 1, { timeout: 60_000 });
  expect(sent[0]).toMatchObject([
    [
      { id: "open", severity: 700, active: false, acknowledged: true, confirmed: false, retain: true },
      { id: "plant", shelved: true, comment: "known", retain: true },
    ],
    true,
  ]);
  follower(concluded("hidden", {}, ["signal:secret"]));
  follower(concluded("open", { state: "normal" }));
  expect(sent.slice(1)).toMatchObject([[[{ id: "open", retain: false }], false]]);
  shown.turn();
  expect(sent).toHaveLength(2);
  shown.again();
  shown.turn();
  await vi.waitUntil(() => sent.length === 3, { timeout: 60_000 });
  expect(sent[2]![1]).toBe(true);
  expect(await shown.act({ user: "gone", act: "acknowledge", alarm: "open" })).toBe("BadUserAccessDenied");
});
