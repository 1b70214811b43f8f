import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlarmValue } from "@doppelwerk/ports";
import { MINUTE, SECOND } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { startMailServer, type MailServer, type MailServerOptions } from "./mail-server.fixture.ts";
import { ChannelFields, OwnAddresses } from "./model/channel-kind.ts";
import type { NotificationFact } from "./model/event-kinds.ts";
import type { Target } from "./model/occurrence.ts";
import { NotificationRuleFields } from "./model/rule-kind.ts";
import { openDurableMap, type DurableMap } from "./server/durable-map.ts";
import { Escalations, type ListedAlarm } from "./server/escalations.ts";
import { Outbox } from "./server/outbox.ts";
import { sendBy } from "./server/send-by.ts";

// The engine over a real mail server and a real file, by a clock that the test moves.

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-outbox-"));
let count = 0;
const servers: MailServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const START = Date.parse("2026-11-30T12:00:00Z") * 1_000;
const rule = (more: object = {}) => ({
  id: "notificationRule:r",
  fields: NotificationRuleFields.parse({
    name: "Urgent",
    priorities: [1, 2, 3, 4],
    steps: [{ afterMinutes: 0, to: [{ kind: "person", person: "person:ada" }] }],
    ...more,
  }),
});

class Bench {
  now = START;
  readonly facts: NotificationFact[] = [];
  readonly path: string;
  alarms: ListedAlarm[] = [];
  rules = [rule()];
  port = 0;
  login: { username: string; password: string } | undefined;
  security: "none" | "starttls" = "none";
  ca: string | undefined;
  /** Ends the process in the middle of sending: nothing that comes back is taken. */
  dies = false;
  kept!: DurableMap;
  outbox!: Outbox;
  escalations!: Escalations;
  #ids = 0;

  constructor(path = join(mkdtempSync(join(tmpdir(), "doppelwerk-outbox-")), `outbox-${count++}.jsonl`)) {
    this.path = path;
    this.open();
  }

  /** As a process that begins. */
  open(): void {
    this.dies = false;
    this.kept = openDurableMap(this.path);
    const record = (facts: readonly NotificationFact[]): void => void this.facts.push(...facts);
    this.outbox = new Outbox({
      kept: this.kept,
      now: () => this.now,
      newId: () => `notification:${(count += 1)}-${(this.#ids += 1)}`,
      send: async ({ id, made, items, more, expired, target }) => {
        const told = { id, made, alarms: items, more, expired, isTest: false, world: "plant" };
        const to = OwnAddresses.parse({ mail: [`${target.person?.slice(7) ?? "nobody"}@plant.example`] });
        const outcome = await sendBy(this.channel, to, told, this.now / 1_000);
        return this.dies ? new Promise(() => {}) : outcome;
      },
      record,
      undelivered: (items) => this.escalations.undelivered(items),
      perMinute: () => 1_000,
      onFault: (error) => {
        throw error;
      },
    });
    this.escalations = new Escalations({
      kept: this.kept,
      outbox: this.outbox,
      now: () => this.now,
      rules: () => this.rules,
      isAt: () => true,
      isSimulated: ({ inputs }) => inputs.includes("simulated"),
      targetsOf: (recipient): readonly Target[] => (recipient.kind === "person" ? [{ channel: "mail", person: recipient.person }] : []),
      quietUntil: () => undefined,
      record,
    });
  }

  get channel(): ChannelFields {
    return ChannelFields.parse({
      kind: "smtp",
      name: "Mail",
      host: "127.0.0.1",
      port: this.port,
      security: this.security,
      from: "doppelwerk@plant.example",
      allowPrivate: true,
      ...this.login,
      ...(this.ca !== undefined && { ca: this.ca }),
    });
  }

  async serve(options: MailServerOptions = {}): Promise<MailServer> {
    const server = await startMailServer({ port: this.port, ...options });
    servers.push(server);
    this.port = server.port;
    return server;
  }

  raise(name: string, more: Partial<AlarmValue> = {}, inputs?: readonly string[]): void {
    this.alarms = [...this.alarms, this.alarm(name, more, inputs)];
    this.escalations.raised(`alarmRule:${name}`);
  }

  alarm(name: string, more: Partial<AlarmValue> = {}, inputs: readonly string[] = ["signal"]): ListedAlarm {
    const alarm = {
      id: name,
      rule: `alarmRule:${name}`,
      station: "S10",
      title: { en: name, zh: name },
      state: "unacknowledged",
      priority: 2,
      since: this.now,
      changed: this.now,
      ...more,
    } as const;
    return { alarm: alarm as AlarmValue, inputs };
  }

  set(name: string, state: AlarmValue["state"] | "normal"): void {
    this.alarms = this.alarms.flatMap((each) =>
      each.alarm.id !== name ? [each] : state === "normal" ? [] : [{ ...each, alarm: { ...each.alarm, state } }],
    );
  }

  /** Time goes on in steps of a second or more. */
  async pass(seconds: number, step = Math.max(1, seconds / 60)): Promise<void> {
    for (let passed = 0; passed < seconds; passed += step) {
      this.now += step * SECOND;
      this.escalations.follow(this.alarms);
      this.escalations.tick();
      this.outbox.pump();
      if (!this.dies) await this.outbox.idle();
      this.kept.flush();
    }
  }

  of(type: NotificationFact["type"]): readonly NotificationFact[] {
    return this.facts.filter((fact) => fact.type === type);
  }
}

test("[NT5] step after step is carried out until somebody acknowledges, then nothing more; the last step is repeated as often as the rule says", async () => {
  const bench = new Bench();
  const mail = await bench.serve();
  const to = (person: string) => [{ kind: "person", person: `person:${person}` }];
  bench.rules = [
    rule({
      steps: [
        { afterMinutes: 0, to: to("ada") },
        { afterMinutes: 10, to: to("otto") },
      ],
      repeatMinutes: 5,
      repeats: 2,
    }),
  ];
  bench.raise("pressure");
  await bench.pass(30 * 60, 10);
  expect(mail.mails.map((each) => each.to[0])).toEqual([
    "ada@plant.example",
    "otto@plant.example",
    "otto@plant.example",
    "otto@plant.example",
  ]);
  bench.raise("speed");
  await bench.pass(60, 5);
  bench.set("speed", "acknowledged");
  await bench.pass(30 * 60, 10);
  expect(mail.mails.slice(4).map((each) => [each.to[0], each.subject])).toEqual([["ada@plant.example", "[2] speed (S10)"]]);
});

test("[NT5] those who were told are told that the alarm returned, where the rule says so; one that returned before it was sent is not sent", async () => {
  const bench = new Bench();
  const mail = await bench.serve();
  bench.rules = [rule({ alsoReturned: true })];
  bench.raise("pressure");
  await bench.pass(10);
  bench.set("pressure", "normal");
  await bench.pass(60);
  expect(mail.mails.map(({ subject }) => subject)).toEqual(["[2] pressure (S10)", "[2] Returned to normal: pressure (S10)"]);
  const port = bench.port;
  await mail.stop();
  bench.port = port;
  bench.raise("speed");
  await bench.pass(30);
  bench.set("speed", "normal");
  const again = await bench.serve();
  await bench.pass(20 * 60, 20);
  expect(again.mails.map(({ subject }) => subject)).toEqual(["[2] Returned to normal: speed (S10)"]);
});

test("[NT6] while the mail server is down for an hour everything waits; then one digest tells the rest, what expired is counted, and the outage is one event", async () => {
  const bench = new Bench();
  bench.rules = [rule({ expiresMinutes: 30 })];
  const first = await bench.serve();
  await first.stop();
  for (let n = 0; n < 60; n++) {
    if (n % 6 === 0) bench.raise(`alarm ${n / 6}`);
    await bench.pass(60, 15);
  }
  expect(bench.of("notification.failed")).toMatchObject([
    { channel: "mail", payload: { isFinal: false, reason: { code: "notifications.mailTrouble" } } },
  ]);
  const mail = await bench.serve();
  await bench.pass(15 * 60, 15);
  expect(mail.mails).toHaveLength(1);
  const [digest] = mail.mails as [(typeof mail.mails)[0]];
  const text = digest.text.replaceAll("=\r\n", "");
  const listed = [...Array.from({ length: 10 }).keys()].filter((n) => text.includes(`] alarm ${n}`));
  expect(listed).toContain(9);
  expect(listed).not.toContain(0);
  expect(text).toContain(`${10 - listed.length} alarms could not be delivered in time`);
  expect(bench.of("notification.expired").flatMap(({ alarms }) => alarms)).toHaveLength(10 - listed.length);
  expect(bench.of("notification.sent")).toHaveLength(1);
  expect(bench.kept.values.size).toBeLessThan(30);
});

test("[NT6] a server that greylists gets the same message again and takes it; and what it said is recorded once", async () => {
  const bench = new Bench();
  let attempts = 0;
  const mail = await bench.serve({ refuse: () => (attempts++ === 0 ? { code: 450, text: "4.2.0 greylisted, come again" } : undefined) });
  bench.raise("pressure");
  await bench.pass(120, 5);
  expect(mail.mails).toHaveLength(1);
  expect(bench.of("notification.failed")).toMatchObject([{ payload: { isFinal: false, reason: { code: "notifications.mailNotNow" } } }]);
});

test("[NT6] a recipient whom the server refuses for good is not tried again: the next step is due at once", async () => {
  const bench = new Bench();
  const mail = await bench.serve({
    refuse: (address) => (address.startsWith("ada") ? { code: 550, text: "5.1.1 no such user" } : undefined),
  });
  const to = (person: string) => [{ kind: "person", person: `person:${person}` }];
  bench.rules = [
    rule({
      steps: [
        { afterMinutes: 0, to: to("ada") },
        { afterMinutes: 60, to: to("otto") },
      ],
    }),
  ];
  bench.raise("pressure");
  await bench.pass(60, 5);
  expect(mail.mails.map((each) => each.to[0])).toEqual(["otto@plant.example"]);
  expect(bench.of("notification.failed")).toMatchObject([
    { person: "person:ada", payload: { isFinal: true, reason: { code: "notifications.mailRefused" } } },
  ]);
});

test("[NT7] killed at any instant it loses nothing: what was under way is sent again with its Message-ID, what arrived is not", async () => {
  const bench = new Bench();
  const mail = await bench.serve();
  bench.raise("pressure");
  // the mail server has the message, and the process ends before it knows
  bench.dies = true;
  await bench.pass(5);
  await expect.poll(() => mail.mails.length).toBe(1);
  bench.open();
  await bench.pass(30);
  expect(mail.mails).toHaveLength(2);
  expect(new Set(mail.mails.map(({ messageId }) => messageId)).size).toBe(1);
  expect(new Set(bench.of("notification.sent").map(({ key }) => key)).size).toBe(1);
  // nothing is under way
  bench.open();
  await bench.pass(600, 10);
  expect(mail.mails).toHaveLength(2);
  // raised while no process ran
  bench.raise("speed");
  bench.open();
  await bench.pass(30);
  expect(mail.mails.map(({ subject }) => subject).slice(2)).toEqual(["[2] speed (S10)"]);
});

test("[NT7] a file that ends in the middle of a line is read up to there; what the deleted say is gone from it", () => {
  const bench = new Bench();
  bench.kept.set("a", { person: "person:zq" });
  bench.kept.set("b", 1);
  bench.kept.flush();
  bench.kept.delete("a");
  bench.kept.compact();
  expect(readFileSync(bench.path, "utf8")).toBe('["b",1]\n');
});

test("[NT8] [level: bounded] 10,000 alarms at once are one message to a person, the most urgent first, with how many more there are", async () => {
  const bench = new Bench();
  const mail = await bench.serve();
  for (let n = 0; n < 10_000; n++) bench.alarms.push(bench.alarm(`alarm ${n}`, { priority: n === 9_999 ? 1 : 3 }));
  const begun = performance.now();
  await bench.pass(20, 1);
  console.info(`10,000 alarms at once: ${Math.round(performance.now() - begun)} ms, ${bench.outbox.counts.items} items wait`);
  expect(mail.mails).toHaveLength(1);
  const [digest] = mail.mails as [(typeof mail.mails)[0]];
  expect(digest.subject).toBe("10,000 alarms, most urgent [1] alarm 9999");
  expect(digest.text.length).toBeLessThan(50_000);
  expect(bench.of("notification.sent")).toMatchObject([{ payload: { more: 8_000 } }]);
  await bench.pass(600, 10);
  expect(mail.mails).toHaveLength(1);
});

test("[NT8] more messages than the rule has for an hour come as one digest when the hour has room again", async () => {
  const bench = new Bench();
  const mail = await bench.serve();
  bench.rules = [rule({ maxPerHour: 3 })];
  for (let n = 0; n < 10; n++) {
    bench.raise(`alarm ${n}`);
    await bench.pass(120, 5);
  }
  expect(mail.mails).toHaveLength(3);
  await bench.pass(45 * 60, 15);
  expect(mail.mails).toHaveLength(4);
  expect(mail.mails[3]!.subject).toContain("7 alarms");
});

test("[NT7] where the past is derived again and says another instant of a raise, nobody is told twice; an alarm that is raised again is another one", async () => {
  const bench = new Bench();
  const mail = await bench.serve();
  bench.raise("pressure");
  await bench.pass(30);
  bench.alarms = bench.alarms.map(({ alarm, inputs }) => ({ alarm: { ...alarm, since: alarm.since - 40 * SECOND }, inputs }));
  await bench.pass(60);
  bench.open();
  await bench.pass(60);
  expect(mail.mails).toHaveLength(1);
  bench.alarms = [];
  bench.raise("pressure");
  await bench.pass(60);
  expect(mail.mails).toHaveLength(2);
});

test("[NT18] a raise that moves by any time, at once too, notifies once; one that was heard is another occurrence, however soon it comes and whatever moves then", async () => {
  const bench = new Bench();
  const mail = await bench.serve();
  await bench.pass(2);
  bench.raise("pressure");
  await bench.pass(3);
  expect(mail.mails).toHaveLength(1);
  for (const by of [-3, 2, 1, -20]) {
    bench.alarms = bench.alarms.map(({ alarm, inputs }) => ({ alarm: { ...alarm, since: alarm.since + by * SECOND }, inputs }));
    await bench.pass(2);
  }
  expect(mail.mails).toHaveLength(1);
  // returned and raised again between two readings of the list
  bench.alarms = [];
  bench.raise("pressure");
  await bench.pass(60);
  expect(mail.mails).toHaveLength(2);
  bench.alarms = bench.alarms.map(({ alarm, inputs }) => ({ alarm: { ...alarm, since: alarm.since - SECOND }, inputs }));
  await bench.pass(60);
  expect(mail.mails).toHaveLength(2);
  // heard while the list was on its way, which does not have it yet
  const { heard } = bench.escalations;
  bench.escalations.raised("alarmRule:pressure");
  bench.escalations.follow(bench.alarms, heard);
  bench.alarms = bench.alarms.map(({ alarm, inputs }) => ({ alarm: { ...alarm, since: bench.now }, inputs }));
  await bench.pass(60);
  expect(mail.mails).toHaveLength(3);
});

test("[NT9] what is concluded from simulated values is told to nobody; an alarm that was there for long is not either, by a rule or a server that is new", async () => {
  const bench = new Bench();
  const mail = await bench.serve();
  bench.raise("simulated", {}, ["simulated"]);
  bench.raise("old", { since: START - 300 * MINUTE });
  bench.raise("shelved", { state: "shelved" });
  await bench.pass(60);
  expect(mail.mails).toEqual([]);
  expect(bench.escalations.counts.open).toBe(0);
  bench.rules = [rule({ alsoSimulated: true })];
  await bench.pass(60);
  expect(mail.mails.map(({ subject }) => subject)).toEqual(["simulated: [2] simulated (S10)"]);
});
