import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textOf } from "@doppelwerk/messages";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestCertificate } from "../../packages/connectors/src/opcua/test-certificate.ts";
import { listenTo } from "../../packages/connectors/src/publish/test-listener.ts";
import { startBroker, type TestBroker } from "../../packages/connectors/src/sparkplug/test-broker.ts";
import { startMailServer } from "./mail-server.fixture.ts";
import { ChannelFields, MailAddress, OwnAddresses } from "./model/channel-kind.ts";
import { compose, type MessageContent } from "./model/composed.ts";
import { asDingTalk, asMarkdown, asTeams, asWeCom } from "./model/forms.ts";
import { ChannelStore } from "./server/channel-store.ts";
import { sendToWeb, type WebChannel } from "./server/channels/http-channel.ts";
import { sendBy } from "./server/send-by.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-channels-"));
const NOW_MS = Date.parse("2026-11-30T12:00:00Z");
const ADA = OwnAddresses.parse({ mail: ["ada@plant.example"], language: "zh", timeZone: "Asia/Shanghai" });
const occurrence = (n: number, title = `alarm ${n}`) => ({
  rule: `alarmRule:${n}`,
  since: NOW_MS * 1_000,
  title: { en: title, zh: `${title} 报警` },
  station: "S10",
  priority: 2 as const,
  value: "12.5",
});
const told = (count: number, more: Partial<MessageContent> = {}): MessageContent => ({
  id: "notification:1",
  made: NOW_MS * 1_000,
  alarms: Array.from({ length: count }, (_, n) => ({ occurrence: occurrence(n), what: "raised", step: 1 })),
  more: 0,
  expired: 0,
  isTest: false,
  world: "plant",
  list: "https://plant.example:7800/alarms",
  ...more,
});

/** Somebody who takes messages over HTTP. */
class Receiver {
  readonly got: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  answer: { status: number; body: string; headers?: Record<string, string> } = { status: 200, body: "{}" };
  readonly #server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      this.got.push({ url: request.url!, headers: request.headers, body });
      if (this.answer.status === 0) return void request.socket.destroy();
      response.writeHead(this.answer.status, this.answer.headers).end(this.answer.body);
    });
  });

  async start(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop = (): void => void this.#server.close();
}

let receiver: Receiver;
let broker: TestBroker;
beforeAll(async () => {
  receiver = await new Receiver().start();
  broker = await startBroker();
});
afterAll(async () => {
  receiver.stop();
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

const web = (kind: WebChannel["kind"], more: object = {}): WebChannel =>
  ChannelFields.parse({ kind, name: kind, url: `${receiver.url}/send?access_token=t`, allowPrivate: true, ...more }) as WebChannel;

test("[NT10] DingTalk gets markdown and a signature of time and secret; what it answers in a body with status 200 is read", async () => {
  receiver.answer = { status: 200, body: '{"errcode":0,"errmsg":"ok"}' };
  expect(await sendToWeb(web("dingtalk", { secret: "SEC123", language: "zh" }), told(1), NOW_MS)).toEqual({ kind: "sent" });
  const { url, body, headers } = receiver.got.at(-1)!;
  const { searchParams } = new URL(url, receiver.url);
  const sign = createHmac("sha256", "SEC123").update(`${NOW_MS}\nSEC123`).digest("base64");
  expect(Object.fromEntries(searchParams)).toEqual({ access_token: "t", timestamp: String(NOW_MS), sign });
  expect(headers["content-type"]).toContain("utf-8");
  expect(JSON.parse(body)).toMatchObject({ msgtype: "markdown", markdown: { text: expect.stringContaining("alarm 0 报警") } });
  receiver.answer = { status: 200, body: '{"errcode":310000,"errmsg":"sign not match"}' };
  const refused = await sendToWeb(web("dingtalk", { secret: "SEC124" }), told(1), NOW_MS);
  expect(refused).toMatchObject({ kind: "later", reason: { code: "notifications.robotRefused" } });
  receiver.answer = { status: 200, body: '{"errcode":130101,"errmsg":"send too fast"}' };
  expect(await sendToWeb(web("dingtalk"), told(1), NOW_MS)).toMatchObject({ kind: "later", waitMs: 600_000 });
});

test("[NT10] a message keeps to what each chat takes: WeCom 4,096 octets, DingTalk 20,000, Teams 28 KB; what does not fit is counted", () => {
  const long = told(20, {
    alarms: Array.from({ length: 20 }, (_, n) => ({
      occurrence: occurrence(n, `报警 ${"很长的名称".repeat(40)} ${n}`),
      what: "raised",
      step: 1,
    })),
    more: 9_980,
  });
  const composed = compose(long, { language: "zh", timeZone: "Asia/Shanghai" });
  const octets = (value: object): number => Buffer.byteLength(JSON.stringify(value));
  expect(Buffer.byteLength((asWeCom(composed) as { markdown: { content: string } }).markdown.content)).toBeLessThanOrEqual(4_096);
  expect(octets(asDingTalk(composed))).toBeLessThan(20_000);
  expect(octets(asTeams(composed))).toBeLessThan(28_000);
  expect(asMarkdown(composed, 4_096)).toContain("9,980");
});

test("[NT10] Teams gets an Adaptive Card with a link to the list; names of a plant become no link, mention or tag in any chat", () => {
  const evil = told(1, {
    alarms: [
      {
        occurrence: occurrence(1, "[click](https://evil.example) <font color=red> @all `x`\r\nBcc: eve@evil.example"),
        what: "raised",
        step: 2,
      },
    ],
  });
  const composed = compose(evil, { language: "en", timeZone: "UTC" });
  const card = asTeams(composed) as {
    attachments: [{ contentType: string; content: { type: string; version: string; actions: unknown } }];
  };
  expect(card.attachments[0]).toMatchObject({
    contentType: "application/vnd.microsoft.card.adaptive",
    content: { type: "AdaptiveCard", version: "1.4", actions: [{ type: "Action.OpenUrl", url: "https://plant.example:7800/alarms" }] },
  });
  for (const text of [JSON.stringify(card.attachments[0].content), asMarkdown(composed, 4_096)]) {
    expect(text).not.toContain("[click]");
    expect(text).not.toContain("<font");
    expect(text).not.toContain("@all");
  }
  expect(composed.subject).not.toMatch(/[\r\n]/);
});

test("[NT10] a plain webhook is signed over time and body and names the message, so that who gets it twice knows; a server that fails leaves it unsure, one that is busy is waited for", async () => {
  receiver.answer = { status: 202, body: "" };
  expect(await sendToWeb(web("webhook", { secret: "k" }), told(2), NOW_MS)).toEqual({ kind: "sent" });
  const { headers, body } = receiver.got.at(-1)!;
  expect(headers["idempotency-key"]).toBe("notification:1");
  const signed = createHmac("sha256", "k")
    .update(`${NOW_MS / 1_000}.${body}`)
    .digest("hex");
  expect(headers["doppelwerk-signature"]).toBe(`sha256=${signed}`);
  expect(JSON.parse(body)).toMatchObject({ alarms: [{ alarm: "alarmRule:0", raised: "2026-11-30T12:00:00.000Z" }, {}], test: false });
  receiver.answer = { status: 500, body: "oops" };
  expect(await sendToWeb(web("webhook"), told(1), NOW_MS)).toMatchObject({ kind: "unsure" });
  receiver.answer = { status: 429, body: "", headers: { "retry-after": "77" } };
  expect(await sendToWeb(web("teams"), told(1), NOW_MS)).toMatchObject({ kind: "later", waitMs: 77_000 });
  receiver.answer = { status: 0, body: "" };
  expect(await sendToWeb(web("webhook"), told(1), NOW_MS)).toMatchObject({ kind: "unsure" });
  receiver.answer = { status: 413, body: "too large" };
  expect(await sendToWeb(web("teams"), told(1), NOW_MS)).toMatchObject({ kind: "refused" });
});

test("[NT11] [level: faults] no channel reaches the server's own network unless who set it up allows it, metadata of clouds never, by name, number or redirect", async () => {
  const before = receiver.got.length;
  const { port } = new URL(receiver.url);
  for (const url of [
    `http://127.0.0.1:${port}/`,
    `http://localhost:${port}/`,
    `http://2130706433:${port}/`,
    `http://[::1]:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    "http://10.0.0.1/",
    "http://169.254.169.254/latest",
  ]) {
    const outcome = await sendToWeb(web("webhook", { url, allowPrivate: false }), told(1), NOW_MS);
    expect(outcome, url).toMatchObject({ kind: "later", reason: { code: "notifications.webTrouble" } });
  }
  expect(await sendToWeb(web("webhook", { url: "http://169.254.169.254/latest" }), told(1), NOW_MS, 2_000)).toMatchObject({
    kind: "later",
  });
  expect(receiver.got).toHaveLength(before);
  receiver.answer = { status: 302, body: "", headers: { location: "http://169.254.169.254/" } };
  expect(await sendToWeb(web("webhook"), told(1), NOW_MS)).not.toMatchObject({ kind: "sent" });
  expect(receiver.got).toHaveLength(before + 1);
  const mail = await startMailServer();
  const inner = ChannelFields.parse({
    kind: "smtp",
    name: "m",
    host: "127.0.0.1",
    port: mail.port,
    security: "none",
    from: "a@plant.example",
  });
  expect(await sendBy(inner, ADA, told(1), NOW_MS)).toMatchObject({ kind: "later", reason: { code: "notifications.mailTrouble" } });
  expect(mail.connections).toBe(0);
  await mail.stop();
  const mqtt = ChannelFields.parse({ kind: "mqtt", name: "q", url: broker.url, topic: "alarms" });
  expect(await sendBy(mqtt, undefined, told(1), NOW_MS)).toMatchObject({ kind: "later" });
});

test.each([
  "ada@[127.0.0.1]",
  "ada@127.0.0.1",
  "ada@localhost",
  "ada@plant.example, eve@evil.example",
  "ada@plant.example\r\nRCPT TO:<eve@evil.example>",
  "<ada@plant.example>",
  '"ada eve"@plant.example',
  "ada@plant.example>",
  "ada@@plant.example",
  "ada@-plant.example",
])("[NT11] %j is no mail address", (address) => {
  expect(MailAddress.safeParse(address).success).toBe(false);
});

test("[NT12] a mail goes over STARTTLS with a login to a server whose certificate is trusted, in the language and by the clock of its reader; what fails says what to do", async () => {
  const { certificate: cert, privateKey: key } = await createTestCertificate(folder, "mail");
  const login = { user: "doppelwerk", pass: "a secret" };
  const mail = await startMailServer({ key, cert, login });
  const channel = (more: object): ChannelFields =>
    ChannelFields.parse({
      kind: "smtp",
      name: "Mail",
      host: "127.0.0.1",
      port: mail.port,
      from: "dw@plant.example",
      allowPrivate: true,
      ca: cert,
      username: login.user,
      password: login.pass,
      ...more,
    });
  expect(await sendBy(channel({}), ADA, told(1), NOW_MS)).toEqual({ kind: "sent" });
  expect(mail.mails).toMatchObject([{ isEncrypted: true, to: ["ada@plant.example"] }]);
  const text = Buffer.from(mail.mails[0]!.text, "utf8").toString();
  expect(text).toContain("Auto-Submitted: auto-generated");
  const failing = async (more: object) => {
    const outcome = await sendBy(channel(more), ADA, told(1), NOW_MS);
    return outcome.kind === "sent" ? "sent" : textOf(outcome.reason);
  };
  expect(await failing({ password: "wrong" })).toContain("Enter user name and password again");
  expect(await failing({ ca: undefined })).toMatch(/authority|encryption/);
  expect(await failing({ host: "no-such-host.invalid" })).toContain("check the name");
  await mail.stop();
  expect(await failing({})).toContain("check host and port");
});

test("[NT12] over MQTT a message is published with QoS 1 and taken once the broker has it", async () => {
  const listener = await listenTo(broker.url, "plant/alarms");
  const mqtt = ChannelFields.parse({ kind: "mqtt", name: "q", url: broker.url, topic: "plant/alarms", allowPrivate: true });
  expect(await sendBy(mqtt, undefined, told(1), NOW_MS)).toEqual({ kind: "sent" });
  await listener.until("the alarm", () => listener.last("plant/alarms") !== undefined);
  expect(JSON.parse(listener.last("plant/alarms")!.text)).toMatchObject({
    id: "notification:1",
    alarms: [{ alarm: "alarmRule:0", value: "12.5" }],
  });
  await listener.end();
});

test("[NT13] secrets of channels are in a file that only the user of the server reads, answered never, and go to the host that they were given for", () => {
  const store = new ChannelStore(join(folder, "store"), () => "notificationChannel:1");
  const fields = ChannelFields.parse({
    kind: "smtp",
    name: "Mail",
    host: "mail.plant.example",
    from: "a@plant.example",
    username: "u",
    password: "zq-secret",
  });
  expect(JSON.stringify(store.add(fields))).not.toContain("zq-secret");
  const path = join(folder, "store", "channels.json");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).toContain("zq-secret");
  const { password: _password, ...open } = fields as Extract<ChannelFields, { kind: "smtp" }>;
  store.change("notificationChannel:1", open);
  expect(store.find("notificationChannel:1")).toMatchObject({ password: "zq-secret" });
  store.change("notificationChannel:1", { ...open, host: "mail.evil.example" });
  expect(JSON.stringify(store.find("notificationChannel:1"))).not.toContain("zq-secret");
  const again = new ChannelStore(join(folder, "store"), () => "notificationChannel:2");
  expect(again.list()).toHaveLength(1);
});
