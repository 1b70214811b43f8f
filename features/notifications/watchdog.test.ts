import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startMailServer } from "./mail-server.fixture.ts";
import { readConfig } from "./server/watchdog/config.ts";
import { Watchdog } from "./server/watchdog/watchdog.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-watchdog-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A server as far as a watchdog asks it. */
class Watched {
  port = 0;
  inputs: { id: string; name: string; state: string; at?: number }[] = [];
  readonly asked: string[] = [];
  #server: Server | undefined;

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.url} ${request.headers.authorization ?? ""}`);
      response.end(request.url === "/readyz" ? '{"ready":true}' : JSON.stringify({ now: 0, inputs: this.inputs }));
    }).listen(this.port, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}

let now = Date.parse("2026-11-30T12:00:00Z") * 1_000;
const rounds = async (watchdog: Watchdog, count: number): Promise<void> => {
  for (let round = 0; round < count; round++) {
    now += 15e6;
    await watchdog.round();
  }
};

function configOf(server: Watched, mailPort: number, more: object = {}): string {
  const path = join(folder, "watchdog.json");
  writeFileSync(join(folder, "token"), "a-token\n");
  writeFileSync(
    path,
    JSON.stringify({
      name: "watchdog",
      server: { url: `http://127.0.0.1:${server.port}`, token: "token" },
      channels: [
        {
          channel: { kind: "smtp", name: "Mail", host: "127.0.0.1", port: mailPort, security: "none", from: "watchdog@plant.example" },
          to: ["ada@plant.example"],
        },
      ],
      ...more,
    }),
  );
  return path;
}

test("[NT17] a watchdog says once that the server stopped and once that it is back, over its own restart and while its mail server is down, and does not flap", async () => {
  const server = new Watched();
  await server.start();
  let mail = await startMailServer();
  const { port } = mail;
  const path = configOf(server, port, { repeatMinutes: 0 });
  const open = () => new Watchdog({ config: readConfig(path), now: () => now, log: () => {} });
  let watchdog = open();
  await rounds(watchdog, 5);
  expect(mail.mails).toEqual([]);
  expect(server.asked).toContain("/api/doppelwerk/v1/notifications/watch?name=watchdog&everyS=15 Bearer a-token");
  // one look that fails is none
  await server.stop();
  await rounds(watchdog, 2);
  await server.start();
  await rounds(watchdog, 5);
  expect(mail.mails).toEqual([]);
  await server.stop();
  await mail.stop();
  await rounds(watchdog, 5);
  mail = await startMailServer({ port });
  await rounds(watchdog, 5);
  expect(mail.mails.map(({ subject }) => subject)).toEqual(["watchdog: Doppelwerk does not answer"]);
  watchdog.close();
  watchdog = open();
  await rounds(watchdog, 10);
  expect(mail.mails).toHaveLength(1);
  await server.start();
  await rounds(watchdog, 10);
  expect(mail.mails.map(({ subject }) => subject).slice(1)).toEqual(["watchdog: Doppelwerk answers again"]);
  watchdog.close();
  await server.stop();
  await mail.stop();
});

test("[NT17] an input whose newest value is older than the limit is said to be lost, with its name, and to be back when values come again", async () => {
  const server = new Watched();
  await server.start();
  const mail = await startMailServer();
  const path = configOf(server, mail.port, {
    state: "inputs.json",
    inputs: { maxAgeS: 60 },
    ping: { url: `http://127.0.0.1:${server.port}/ping` },
  });
  const watchdog = new Watchdog({ config: readConfig(path), now: () => now, log: () => {} });
  const fresh = (): void =>
    void (server.inputs = [
      { id: "c:1", name: "press", state: "connected", at: now + 10e6 },
      { id: "c:2", name: "oven", state: "connected", at: now + 10e6 },
    ]);
  for (let round = 0; round < 6; round++) {
    fresh();
    await rounds(watchdog, 1);
  }
  expect(mail.mails).toEqual([]);
  for (let round = 0; round < 12; round++) {
    server.inputs = [{ ...server.inputs[0]!, at: now + 10e6 }, server.inputs[1]!];
    await rounds(watchdog, 1);
  }
  expect(mail.mails).toHaveLength(1);
  expect(mail.mails[0]!.subject).toBe("watchdog: an input is lost");
  expect(mail.mails[0]!.text).toContain("oven");
  for (let round = 0; round < 6; round++) {
    fresh();
    await rounds(watchdog, 1);
  }
  expect(mail.mails.map(({ subject }) => subject).slice(1)).toEqual(["watchdog: an input is back"]);
  expect(server.asked.filter((each) => each.startsWith("/ping")).length).toBeGreaterThan(2);
  watchdog.close();
  await server.stop();
  await mail.stop();
});

test.each<[string, object, string]>([
  ["without channels", { channels: [] }, "channels"],
  ["with a word that is none", { serverr: {} }, "serverr"],
  ["with an address that is none", { server: { url: "ftp://x" } }, "url"],
])("[NT17] a configuration %s is refused, and the field is named", (_, more, field) => {
  const path = configOf(new Watched(), 25, more);
  expect(() => readConfig(path)).toThrow(field);
});
