import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { textOf } from "@doppelwerk/messages";
import { afterEach, expect, test } from "vitest";
import { Releases } from "./releases.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listed(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/releases.json`;
}

const json =
  (value: unknown): RequestListener =>
  (_, response) =>
    void response.end(JSON.stringify(value));

async function stateOf(address: string, version = "1.9.0") {
  const releases = new Releases({ address, now: () => 5 });
  await releases.ask(version);
  return releases.state;
}

const releases = [
  { version: "1.10.0", published: "2026-12-24" },
  { version: "1.9.0", published: "2026-11-01", security: true },
  { version: "1.9.1", published: "2026-12-01", security: true },
  { version: "1.2.0", published: "2026-01-01" },
];

test("[SV337] the newest release above the running one is named, and whether one in between closes a hole", async () => {
  const address = await listed(json({ releases }));
  expect(await stateOf(address)).toEqual({ address, at: 5_000, newer: { version: "1.10.0", published: "2026-12-24", isSecurity: true } });
  expect(await stateOf(address, "1.9.1-beta.2")).toMatchObject({ newer: { version: "1.10.0", isSecurity: false } });
  expect(await stateOf(address, "1.10.0")).toEqual({ address, at: 5_000 });
});

test("[SV337] what is no list, a redirect, a refusal and silence are named; what was known before stays", async () => {
  let answer: RequestListener = json({ releases });
  const address = await listed((request, response) => answer(request, response));
  const list = new Releases({ address, now: () => 5 });
  await list.ask("1.9.0");
  const known = list.state;
  const failures: readonly (readonly [RequestListener, RegExp])[] = [
    [json({ releases: [{ version: "9", published: "tomorrow" }] }), /no list of releases/],
    [(_, response) => void response.end("<html>"), /no list of releases/],
    [(_, response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end(), /it answers 302/],
    [(_, response) => void response.writeHead(503).end(), /it answers 503/],
    [(_, response) => void response.destroy(), /does not answer/],
    [(_, response) => void response.end("x".repeat(2_000_000)), /./],
  ];
  for (const [given, reason] of failures) {
    answer = given;
    await list.ask("1.9.0");
    const { failure, ...rest } = list.state;
    expect(rest).toEqual(known);
    expect(textOf(failure!)).toMatch(reason);
  }
  answer = json({ releases });
  await list.ask("1.9.0");
  expect(list.state).toEqual(known);
});

test("[SV337] an address that anybody can read along, and what is none, are refused", () => {
  for (const address of ["http://releases.example/list.json", "file:///etc/passwd", "https://me:secret@releases.example/", "list.json"])
    expect(() => new Releases({ address, now: Date.now })).toThrow(/is no address of a list of releases/);
});
