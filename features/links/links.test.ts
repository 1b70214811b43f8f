import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SYSTEM } from "@doppelwerk/server/site";
import { LIVE, quality, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import * as links from "./calls.ts";
import { API, LinkedServer, push, smallFactory } from "./links.fixture.ts";

// Two whole servers: a factory that grants, and a park that follows.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-links-"));
const factory = new LinkedServer(join(folder, "factory"));
const park = new LinkedServer(join(folder, "park"));
beforeAll(async () => {
  await factory.start();
  await park.start();
  await smallFactory(factory.home, factory.client());
});
afterAll(async () => {
  await park.stop();
  await factory.stop();
  rmSync(folder, { recursive: true, force: true });
});

const WAIT = { timeout: 60_000, interval: 50 };
const nothing = { places: [] as string[], shells: [] as string[], signals: [] as string[] };
const grantOf = (label: string, what: Partial<typeof nothing> & { expires?: number }) =>
  links.grant(factory.client(), { body: { ...nothing, ...what, label } });
const linkedSignals = () =>
  (park.home.view(SYSTEM).reader(LIVE).query({ kind: "signal" }) as readonly SignalRecord[]).filter(({ linked }) => linked !== undefined);
const now = () => Date.now() * 1_000;

describe("grants", () => {
  test("[LK1] a key reads what was granted, as of each moment, and nothing else by any address; it is shown once", async () => {
    const { grant, key } = await grantOf("Park", { shells: ["shell:press"] });
    expect(grant).toMatchObject({ label: "Park", by: "Ada", covers: { shells: 1, signals: 1 }, isExpired: false });
    const listed = await links.grants(factory.client());
    expect(listed.grants.map(({ id }) => id)).toEqual([grant.id]);
    expect(JSON.stringify(listed)).not.toContain(key);
    expect(JSON.parse((await factory.ask(`${API}/links/own`, key)).text)).toMatchObject({ world: "default", label: "Park" });
    const shells = await factory.ask("/api/v3/shells", key);
    expect([shells.status, shells.text.includes("urn:shell:press"), shells.text.includes("urn:shell:mill")]).toEqual([200, true, false]);
    const mill = Buffer.from("urn:submodel:mill").toString("base64url");
    expect((await factory.ask(`/api/v3/submodels/${mill}`, key)).status).toBe(404);
    const refused = [
      "/world",
      "/connections",
      "/links",
      "/grants",
      "/log",
      "/alarms",
      "/places",
      "/jobs",
      "/features",
      "/branches/live/events",
      "/worlds",
    ];
    for (const path of refused) expect([path, (await factory.ask(API + path, key)).status]).toEqual([path, 403]);
    const written = await factory.ask("/api/v3/shells", key, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(written.status).toBeGreaterThanOrEqual(400);
    for (const wrong of [`${key}x`, "dwk_" + "a".repeat(32)]) expect((await factory.ask("/api/v3/shells", wrong)).status).toBe(403);
    await links.revoke(factory.client(), { params: { grant: grant.id } });
    expect((await factory.ask("/api/v3/shells", key)).status).toBe(403);
    await expect(links.revoke(factory.client(), { params: { grant: grant.id } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  });

  test("[LK2] revoking and expiry end open streams within a second, and what they get before is what was granted", async () => {
    for (const how of ["revoked", "expired"] as const) {
      const { grant, key } = await grantOf(how, { signals: ["signal:press"], ...(how === "expired" && { expires: now() + 1_500_000 }) });
      const socket = new WebSocket(`${factory.url.replace("http", "ws")}/ws`);
      const messages: { readonly kind: string; readonly signals?: readonly ({ readonly id: string } | null)[] }[] = [];
      socket.on("message", (data, isBinary) => !isBinary && messages.push(JSON.parse(String(data))));
      const closed = new Promise((resolve) => socket.on("close", resolve));
      socket.on("open", () => {
        socket.send(JSON.stringify({ kind: "hello", protocol: 2, samplesFrame: 2, name: "x", client: key, branch: "live" }));
        socket.send(JSON.stringify({ kind: "documents", branch: "live", kinds: ["shell", "signal", "connection"] }));
        socket.send(JSON.stringify({ kind: "subscribe", signals: "all" }));
      });
      await vi.waitFor(() => expect(messages.some(({ kind }) => kind === "records")).toBe(true), WAIT);
      const welcome = messages[0]!;
      expect(welcome.kind).toBe("welcome");
      expect(welcome.signals!.flatMap((entry) => entry?.id ?? [])).toEqual(["signal:press"]);
      expect(JSON.stringify(messages)).not.toContain("mill");
      expect(JSON.stringify(messages)).not.toContain("push:bench");
      if (how === "revoked") await links.revoke(factory.client(), { params: { grant: grant.id } });
      await closed;
      expect(messages.at(-1)).toMatchObject({ kind: "refused", code: "DW_FORBIDDEN" });
      expect((await factory.ask(`${API}/links/own`, key)).status).toBe(403);
    }
  });

  test("[LK3] a grant names what there is, and at least one thing", async () => {
    await expect(grantOf("none", {})).rejects.toMatchObject({ code: "DW_INVALID" });
    await expect(grantOf("none", { shells: ["shell:gone"] })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    await expect(grantOf("none", { signals: ["shell:press"] })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  });
});

describe("links", () => {
  let key = "";
  let grant = "";
  const theLink = async () => (await links.list(park.client())).links[0];
  const valueHere = () => park.home.plantView(SYSTEM).live(linkedSignals()[0]?.id ?? "");

  beforeAll(async () => {
    const made = await grantOf("Park", { shells: ["shell:press"] });
    [key, grant] = [made.key, made.grant.id];
  });

  test("[LK4] what was granted appears here read-only and marked, with values as they come and their past", async () => {
    const begin = now() - 600_000_000;
    await push(
      factory,
      [0, 1, 2].map((at) => ({ address: "press", value: at, time: begin + at * 1_000_000 })),
    );
    const link = await links.add(park.client(), { body: { url: factory.url, key, name: "Factory" } });
    expect(link).toMatchObject({ name: "Factory", url: factory.url });
    await vi.waitFor(() => expect(linkedSignals()).toHaveLength(1), WAIT);
    const reader = park.home.view(SYSTEM).reader(LIVE);
    expect(reader.query({ kind: "shell" })).toMatchObject([{ aasId: "urn:shell:press", linked: { link: link.id, record: "shell:press" } }]);
    const [signal] = linkedSignals();
    expect(signal).toMatchObject({ name: "press.speed", unit: "rpm", connection: link.id, address: "signal:press" });
    expect(signal!.scale).toBeUndefined();
    const element = reader.query({ kind: "element" })[0]!;
    expect([element["signal"], reader.get(String(element["submodel"]))?.["aasId"]]).toEqual([signal!.id, "urn:submodel:press"]);
    await vi.waitFor(async () => {
      const past = await park.home.history.raw({ branch: LIVE, signal: signal!.id }, begin, begin + 3_000_000, 10);
      expect([...past.values]).toEqual([0, 10, 20]);
    }, WAIT);
    const time = now();
    await push(factory, [{ address: "press", value: 7, time }]);
    await vi.waitFor(
      () => expect(valueHere()).toMatchObject({ value: 70, quality: quality.good, sourceTime: time, origin: "measured" }),
      WAIT,
    );
    const shown = await theLink();
    expect(shown).toMatchObject({ state: "online", shows: { shells: 1, signals: 1 }, findings: [] });
    // read-only, by the own API and by the AAS API
    const id = Buffer.from("urn:shell:press").toString("base64url");
    const gone = await park.ask(`/api/v3/shells/${id}`, undefined, { method: "DELETE" });
    expect(gone.status).toBe(403);
    const property = { modelType: "Property", idShort: "Own", valueType: "xs:int" };
    const below = await park.ask(
      `/api/v3/submodels/${Buffer.from("urn:submodel:press").toString("base64url")}/submodel-elements`,
      undefined,
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(property),
      },
    );
    expect([below.status, below.text]).toEqual([403, expect.any(String)]);
  });

  test("[LK5] a document that changes there changes here, and what is granted no more is gone here", async () => {
    const at = factory.home.view(SYSTEM);
    await at.apply({
      branch: LIVE,
      reason: "rename",
      changes: [{ op: "update", id: "element:press", fields: { idShort: { from: "Speed", to: "Rate" } } }],
    });
    const element = () => park.home.view(SYSTEM).reader(LIVE).query({ kind: "element" })[0];
    await vi.waitFor(() => expect(element()?.["idShort"]).toBe("Rate"), WAIT);
    const submodels = { from: ["urn:submodel:press"], to: [] };
    await at.apply({ branch: LIVE, reason: "take away", changes: [{ op: "update", id: "shell:press", fields: { submodels } }] });
    await vi.waitFor(() => expect(element()).toBeUndefined(), WAIT);
    const back = { from: [], to: ["urn:submodel:press"] };
    await at.apply({ branch: LIVE, reason: "give back", changes: [{ op: "update", id: "shell:press", fields: { submodels: back } }] });
    await vi.waitFor(() => expect(element()?.["idShort"]).toBe("Rate"), WAIT);
  });

  test("[LK6] while the other world is away its values are bad and the link says since when; back again, nothing is missing and nothing is twice", async () => {
    const signal = linkedSignals()[0]!;
    const begin = now();
    await push(factory, [{ address: "press", value: 1, time: begin }]);
    await vi.waitFor(() => expect(valueHere()).toMatchObject({ value: 10 }), WAIT);
    await factory.stop();
    await vi.waitFor(async () => expect(await theLink()).toMatchObject({ state: "broken", reason: { code: expect.any(String) } }), WAIT);
    await vi.waitFor(() => expect(valueHere()?.quality).toBe(quality.bad), WAIT);
    const broken = (await theLink())!;
    // there is a sign of life every ten seconds at least
    expect(broken.lastContact).toBeGreaterThan(begin - 30_000_000);
    expect(broken.lastContact).toBeLessThan(now());
    await factory.start();
    // before the link is back, or after: it comes all the same
    const times = Array.from({ length: 50 }, (_, at) => now() - 50_000 + at * 1_000);
    await push(
      factory,
      times.map((time, at) => ({ address: "press", value: at, time })),
    );
    await vi.waitFor(async () => expect((await theLink())?.state).toBe("online"), WAIT);
    await vi.waitFor(async () => {
      const {
        times: stored,
        values,
        qualities,
      } = await park.home.history.raw({ branch: LIVE, signal: signal.id }, times[0]!, times.at(-1)! + 1, 1_000);
      const good = [...stored.keys()].filter((row) => qualities[row] === quality.good);
      expect(good.map((row) => values[row])).toEqual(times.map((_, at) => at * 10));
      expect(good.map((row) => stored[row])).toEqual(times);
    }, WAIT);
  });

  test("[LK7] samples that come late there come late here too", async () => {
    const signal = linkedSignals()[0]!;
    const hourAgo = now() - 3_600_000_000;
    const answer = await factory.ask(`${API}/connections/connection%3Abench/samples`, "t", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ late: true, judged: true, values: [{ address: "press", value: 5, time: hourAgo }] }),
    });
    expect(answer.status).toBe(202);
    await vi.waitFor(async () => {
      const { values } = await park.home.history.raw({ branch: LIVE, signal: signal.id }, hourAgo, hourAgo + 1, 10);
      expect([...values]).toEqual([50]);
    }, WAIT);
  });

  test("[LK8] a link to itself, a second one, a wrong key and a wrong address are refused in one line", async () => {
    const add = (body: { url: string; key: string }) => links.add(park.client(), { body });
    await expect(add({ url: factory.url, key })).rejects.toMatchObject({ code: "DW_CONFLICT" });
    await expect(add({ url: factory.url, key: `dwk_${"b".repeat(32)}` })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    await expect(add({ url: "http://twin.example", key })).rejects.toMatchObject({ code: "DW_INVALID" });
    await expect(add({ url: "opc.tcp://127.0.0.1", key })).rejects.toMatchObject({ code: "DW_INVALID" });
    await expect(add({ url: `${factory.url}/worlds/nowhere`, key })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    await expect(links.add(factory.client(), { body: { url: factory.url, key } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  });

  test("[LK14] files of granted shells come along, whole or not at all, and change and go with them; of others none is read", async () => {
    const encoded = (text: string) => Buffer.from(text).toString("base64url");
    const thumbnail = (name: string) => `/api/v3/shells/${encoded(`urn:shell:${name}`)}/asset-information/thumbnail`;
    const upload = (name: string, text: string) => {
      const body = new FormData();
      body.append("fileName", "picture.png");
      body.append("file", new Blob([text], { type: "image/png" }), "picture.png");
      return fetch(factory.url + thumbnail(name), { method: "PUT", body });
    };
    for (const name of ["press", "mill"]) expect((await upload(name, `picture of the ${name}`)).status).toBe(204);
    const shown = () => park.ask(thumbnail("press"));
    await vi.waitFor(async () => expect(await shown()).toEqual({ status: 200, text: "picture of the press" }), WAIT);
    expect((await upload("press", "another picture")).status).toBe(204);
    await vi.waitFor(async () => expect(await shown()).toEqual({ status: 200, text: "another picture" }), WAIT);
    const body = new FormData();
    body.append("file", new Blob(["mine"], { type: "image/png" }), "mine.png");
    expect((await fetch(park.url + thumbnail("press"), { method: "PUT", body })).status).toBe(403);
    const files = factory.home.view(SYSTEM).reader(LIVE).query({ kind: "file" });
    const idOf = (owner: string) => files.find((file) => file["owner"] === owner)!.id;
    const file = (owner: string) => `${API}/links/own/files/${encodeURIComponent(idOf(owner))}`;
    expect(await factory.ask(file("urn:shell:press"), key)).toEqual({ status: 200, text: "another picture" });
    expect((await factory.ask(file("urn:shell:mill"), key)).status).toBe(404);
    expect((await factory.ask(file("urn:shell:press"))).status).toBe(403);
    expect((await fetch(factory.url + thumbnail("press"), { method: "DELETE" })).status).toBeLessThan(300);
    await vi.waitFor(async () => expect((await shown()).status).toBe(404), WAIT);
  });

  test("[LK15] which shells here are of another world is answered with the link that brings them", async () => {
    const { links: marked } = await links.shells(park.client());
    expect(marked).toMatchObject([{ name: expect.any(String), state: "online", shells: ["urn:shell:press"] }]);
    expect((await links.shells(factory.client())).links).toEqual([]);
  });

  test("[LK9] worlds that link to each other in a circle show each record once", async () => {
    const shell = park.home.view(SYSTEM).reader(LIVE).query({ kind: "shell" })[0]!;
    const back = await links.grant(park.client(), { body: { ...nothing, shells: [shell.id], label: "back" } });
    const before = factory.home.view(SYSTEM).reader(LIVE).query({ kind: "shell" }).length;
    const link = await links.add(factory.client(), { body: { url: park.url, key: back.key } });
    await vi.waitFor(async () => {
      const [there] = (await links.list(factory.client())).links;
      expect(there).toMatchObject({ state: "online", shows: { shells: 0, signals: 0 }, findings: [{ code: "links.returning" }] });
    }, WAIT);
    expect(factory.home.view(SYSTEM).reader(LIVE).query({ kind: "shell" })).toHaveLength(before);
    await links.remove(factory.client(), { params: { link: link.id } });
    expect((await links.list(factory.client())).links).toEqual([]);
  });

  test("[LK10] a revoked link says so and keeps what it has until it is removed; then nothing of it is left", async () => {
    await links.revoke(factory.client(), { params: { grant } });
    await vi.waitFor(async () => expect((await theLink())?.state).toBe("refused"), WAIT);
    await vi.waitFor(() => expect(valueHere()?.quality).toBe(quality.bad), WAIT);
    expect(linkedSignals()).toHaveLength(1);
    await links.remove(park.client(), { params: { link: (await theLink())!.id } });
    const reader = park.home.view(SYSTEM).reader(LIVE);
    for (const kind of ["shell", "submodel", "element", "signal", "connection"])
      expect([kind, reader.query({ kind }).length]).toEqual([kind, 0]);
    expect(await theLink()).toBeUndefined();
  });
});

test("[LK16] a link to a world that is archived or deleted says so and goes on trying; another world of that name is not taken for it", async () => {
  const home = factory.client();
  await home.createWorld({ name: "guest" });
  const guest = factory.client("guest");
  const signals = async () => {
    await guest.requester.json("PUT", "/secrets/bench", { body: { token: "t" } });
    const { id } = await guest.connect({
      name: "bench",
      protocol: "push",
      url: "push:bench",
      secret: "bench",
      settings: { signals: [{ address: "a" }] },
    } as never);
    return (
      await guest.requester.json<{ readonly signals: readonly { readonly id: string }[] }>(
        "GET",
        `/connections/${encodeURIComponent(id)}/signals`,
      )
    ).signals;
  };
  const [signal] = await signals();
  const { key } = await links.grant(guest, { body: { ...nothing, signals: [signal!.id], label: "park" } });
  const { id } = await links.add(park.client(), { body: { url: `${factory.url}/worlds/guest`, key } });
  const link = async () => (await links.list(park.client())).links.find((one) => one.id === id);
  const becomes = (what: object) => vi.waitFor(async () => expect(await link()).toMatchObject(what), WAIT);
  await becomes({ state: "online", shows: { signals: 1 } });
  await home.changeWorld("guest", { archived: true });
  await becomes({ state: "broken", reason: { code: "server.worldArchived" }, shows: { signals: 1 } });
  await home.changeWorld("guest", { archived: false });
  await becomes({ state: "online" });
  await home.deleteWorld("guest");
  await becomes({ state: "broken", reason: { code: "server.noWorld" }, shows: { signals: 1 } });
  // the key is of the world that is gone
  await home.createWorld({ name: "guest" });
  await signals();
  await becomes({ state: "refused" });
  await links.remove(park.client(), { params: { link: id } });
  expect(await link()).toBeUndefined();
});
