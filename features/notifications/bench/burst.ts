import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NotificationRuleFields } from "../model/rule-kind.ts";
import { openDurableMap } from "../server/durable-map.ts";
import { Escalations, type ListedAlarm } from "../server/escalations.ts";
import { Outbox } from "../server/outbox.ts";
import { reportMedian, timed, type Report } from "../../../bench/report.ts";

const ALARMS = 10_000;
const PEOPLE = 10;
const RUNS = 3;

/** 10,000 alarms at once under a rule that notifies ten people: until each has one message, in processor time; and the file that it takes. */
export async function bench(report: Report): Promise<void> {
  const [cpu, steady, bytes, messages] = [[] as number[], [] as number[], [] as number[], [] as number[]];
  for (let run = 0; run <= RUNS; run++) {
    const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-notifications-"));
    try {
      const path = join(folder, "outbox.jsonl");
      const burst = burstOn(path);
      const { cpuS } = await timed(() => burst.until(5));
      const after = await timed(() => burst.until(10));
      // the first warms up
      if (run === 0) continue;
      cpu.push(cpuS);
      steady.push((after.cpuS / 10) * 1_000);
      bytes.push(statSync(path).size / 1e6);
      messages.push(burst.sent());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  reportMedian(report, "burst", "10,000 alarms at once, ten people: processor time until each has one message", "s", cpu);
  reportMedian(report, "burst", "messages of that", "messages", messages);
  reportMedian(report, "burst", "a look at 10,000 alarms that are followed already", "ms", steady);
  reportMedian(report, "burst", "file of the outbox after the burst", "MB", bytes);
}

function burstOn(path: string) {
  let now = Date.UTC(2026, 10, 30, 12) * 1_000;
  let sent = 0;
  let ids = 0;
  const kept = openDurableMap(path);
  const people = Array.from({ length: PEOPLE }, (_, n) => ({ kind: "person" as const, person: `person:${n}` }));
  const rules = [
    {
      id: "rule",
      fields: NotificationRuleFields.parse({ name: "all", priorities: [1, 2, 3, 4], steps: [{ afterMinutes: 0, to: people }] }),
    },
  ];
  const outbox = new Outbox({
    kept,
    now: () => now,
    newId: () => `message ${ids++}`,
    send: async () => {
      sent += 1;
      return { kind: "sent" };
    },
    record: () => {},
    undelivered: () => {},
    perMinute: () => 1_000,
    onFault: (error) => {
      throw error;
    },
  });
  const escalations = new Escalations({
    kept,
    outbox,
    now: () => now,
    rules: () => rules,
    isAt: () => true,
    isSimulated: () => false,
    targetsOf: (recipient) => (recipient.kind === "person" ? [{ channel: "mail", person: recipient.person }] : []),
    quietUntil: () => undefined,
    record: () => {},
  });
  const list: readonly ListedAlarm[] = Array.from({ length: ALARMS }, (_, n) => ({
    alarm: {
      id: `alarmRule:${n}`,
      rule: `alarmRule:${n}`,
      station: `S${n % 100}`,
      title: { en: `Value ${n} too high`, zh: `数值 ${n} 过高` },
      state: "unacknowledged",
      priority: (n % 4) + 1 === 1 ? 1 : 3,
      since: now,
      changed: now,
    },
    inputs: [`signal:${n}`],
  }));
  return {
    sent: () => sent,
    async until(seconds: number): Promise<void> {
      for (let passed = 0; passed < seconds; passed++) {
        now += 1_000_000;
        escalations.follow(list);
        escalations.tick();
        // four targets at a time
        for (let turn = 0; turn < 3; turn++) {
          outbox.pump();
          await outbox.idle();
        }
        kept.flush();
      }
    },
  };
}
