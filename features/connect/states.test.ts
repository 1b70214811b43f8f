import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importChanges, LIVE, MINUTE, type Instant, type SampleBatch, type SignalRecord } from "@doppelwerk/world";
import { openProduct, serveAs } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shellOf, smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-states-"));
let site: HostedWorld;
let closeApp: () => Promise<unknown>;
let origin: string;
let begin: Instant;

const signal: SignalRecord = {
  id: "signal:word",
  kind: "signal",
  name: "S10 state word",
  valueType: "integer",
  role: "VendorState",
  shell: shellOf("S10"),
  connection: "connection:plc",
  address: "word",
};

/** 20 for 30 min, 77 for 10, 20 for 10, 77 for 10. */
function words(): SampleBatch {
  const rows = [
    [0, 20],
    [30, 77],
    [40, 20],
    [50, 77],
    [60, 20],
  ] as const;
  const times = Float64Array.from(rows, ([minute]) => begin + minute * MINUTE);
  return {
    origin: "measured",
    count: rows.length,
    signals: new Uint32Array(rows.length),
    values: Float64Array.from(rows, ([, value]) => value),
    qualities: new Uint8Array(rows.length),
    sourceTimes: times,
    serverTimes: times,
    texts: new Map(),
  };
}

// oxlint-disable-next-line no-explicit-any -- an answer has no type before it is judged
async function own(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: any }> {
  const answer = await fetch(`${origin}/api/doppelwerk/v1${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

beforeAll(async () => {
  site = await openProduct(folder);
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  begin = site.now() - 90 * MINUTE;
  const view = site.view(SYSTEM);
  const connection = { id: "connection:plc", kind: "connection", name: "plc", protocol: "push", url: "push:plc", enabled: false };
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      { op: "create", record: connection },
      { op: "create", record: signal },
    ],
  });
  await site.history.append(LIVE, words(), [signal.id]);
});
afterAll(async () => {
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[ST1] raw words are listed with how often and how long they stood and what they mean; those of nobody's meaning are counted", async () => {
  const { body } = await own("GET", "/states/S10?days=1");
  expect(body.words.find(({ word }: { word: string }) => word === "77")).toMatchObject({
    count: 2,
    seconds: 1_200,
    state: "unknown",
    by: "nothing",
  });
  expect(body.words.find(({ word }: { word: string }) => word === "20")).toMatchObject({ count: 3, state: "working", by: "mapping" });
  expect(body).toMatchObject({ signal: signal.id, more: 0, cut: false, versions: [{ version: 4, blockedBit: false, starvedBit: true }] });
  const listed = (await own("GET", "/states?days=1")).body;
  expect(listed.find(({ station }: { station: string }) => station === "S10")).toMatchObject({ unmapped: 1, unmappedS: 1_200 });
});

test("[ST2] the effect of an edit on the record is worked out before anything is written", async () => {
  const revision = site.view(SYSTEM).revision();
  const edit = { words: { "77": { state: "starved", cause: "material" } }, days: 1 };
  const { status, body } = await own("POST", "/states/S10/effect", edit);
  expect(status, JSON.stringify(body)).toBe(200);
  const of = (state: string) => body.states.find((each: { state: string }) => each.state === state);
  expect(of("starved")).toMatchObject({ beforeS: 0, afterS: 1_200 });
  expect(
    (await own("POST", "/states/S10/effect", { ...edit, from: begin + 45 * MINUTE })).body.states.find(
      (each: { state: string }) => each.state === "starved",
    ),
  ).toMatchObject({ afterS: 600 });
  expect(site.view(SYSTEM).revision()).toBe(revision);
});

test("[ST3] [ST8] a version holds from its instant, is one revision with a reason, derives the record anew, and undo brings the one before back", async () => {
  const from = begin + 45 * MINUTE;
  const kept = await own("PATCH", "/states/S10", {
    from,
    words: { "77": { state: "starved", cause: "material" } },
    expected: 4,
    reason: "asked Anna",
  });
  expect(kept).toEqual({ status: 200, body: { version: 5, changed: true } });
  const { versions } = (await own("GET", "/states/S10")).body;
  expect(versions).toMatchObject([
    { version: 4 },
    { version: 5, from: Math.floor(from / 1_000) * 1_000, words: { "77": { state: "starved", cause: "material" } } },
  ]);
  // who said so, when and why: the import of the line, then this edit
  expect(versions.map(({ written }: { written: object }) => written)).toMatchObject([
    { name: "Doppelwerk", reason: "a line" },
    { name: expect.stringMatching(/\S/), reason: "asked Anna", at: expect.any(Number) },
  ]);
  expect(versions[1].written.revision).toBeGreaterThan(versions[0].written.revision);
  expect(await own("PATCH", "/states/S10", { words: { "77": null }, expected: 4 })).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringMatching(/now at version 5, not 4/) } },
  });
  // what lies before it is read as it was: unknown, or off where the test runs outside of shifts
  await expect
    .poll(async () => {
      const { words: all } = (await own("GET", "/states/S10?days=1")).body;
      return all.find(({ word }: { word: string }) => word === "77").readAs.filter(({ state }: { state: string }) => state === "starved");
    })
    .toEqual([{ state: "starved", seconds: 600 }]);
  await own("POST", `/branches/${LIVE}/undo`);
  expect((await own("GET", "/states/S10")).body.versions).toMatchObject([{ version: 4 }]);
});

test("[ST9] a code is looked for at every station: each that has it says its meaning, by which version, by whom and why", async () => {
  const asked = async (code: string) => (await own("GET", `/raw-states?code=${encodeURIComponent(code)}&days=1`)).body;
  const edit = { words: { "77": { state: "starved", cause: "material" } }, reason: "asked Anna" };
  await own("PATCH", "/states/S10", { ...edit, from: begin + 45 * MINUTE });
  // a later version that says nothing of 77 is not the one that gave it its meaning
  await own("PATCH", "/states/S10", {
    words: { "78": { state: "idle", cause: "unknown" } },
    from: begin + 50 * MINUTE,
    reason: "cleaning",
  });
  const { rows, codes, more } = await asked(" 77 ");
  expect(more).toBe(0);
  expect(rows.map(({ station }: { station: string }) => station)).toEqual(["S10"]);
  expect(rows[0]).toMatchObject({ code: "77", state: "starved", cause: "material", by: "mapping", version: 5, count: 2, seconds: 1_200 });
  expect(rows[0].since).toBe(Math.floor((begin + 45 * MINUTE) / 1_000) * 1_000);
  expect(rows[0].written).toMatchObject({ reason: "asked Anna", name: expect.stringMatching(/\S/) });
  expect((await asked("78")).rows).toMatchObject([{ state: "idle", version: 6, written: { reason: "cleaning" } }]);
  // what is mapped since the beginning, and numbers in their order
  expect((await asked("20")).rows.find(({ station }: { station: string }) => station === "S10")).toMatchObject({
    state: "working",
    version: 4,
    written: { reason: "a line" },
  });
  expect(codes.map(({ code }: { code: string }) => Number(code))).toEqual(
    codes.map(({ code }: { code: string }) => Number(code)).toSorted((a: number, b: number) => a - b),
  );
  expect((await asked("12345")).rows).toEqual([]);
  await own("POST", `/branches/${LIVE}/undo`);
  await own("POST", `/branches/${LIVE}/undo`);
  // in the record, and of nobody's meaning
  expect((await asked("77")).rows).toMatchObject([{ station: "S10", by: "nothing", state: "unknown", count: 2 }]);
});

test("[ST4] what cannot be is one line: a station, a state, a time, a word, too many", async () => {
  const wrong = (path: string, body: unknown) => own("PATCH", path, body);
  expect(await wrong("/states/S99", { words: {} })).toMatchObject({
    status: 404,
    body: { error: { message: expect.stringMatching(/no station of this id: S99/) } },
  });
  for (const [body, why] of [
    [{ words: { "1": { state: "sleeping" } } }, /words\.1\.state/],
    [{ words: { "1": { state: "failed", cause: "ghosts" } } }, /words\.1\.cause/],
    [{ from: "yesterday" }, /from/],
    [{ words: { "": { state: "failed" } } }, /words/],
    [{ blocked: true }, /blocked/],
    [{ words: Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`w${n}`, { state: "idle" }])) }, /at most 2000 raw states/],
  ] as const)
    expect(await wrong("/states/S10", body)).toMatchObject({ status: 400, body: { error: { message: expect.stringMatching(why) } } });
});

test("[ST7] the numbers of an enumeration stand with the names of the plant, also those that did not occur, and their names propose what they mean", async () => {
  const enumeration = {
    from: undefined,
    to: [
      { value: 20, name: "Marcha" },
      { value: 77, name: "Avería" },
      { value: 78, name: "Espera entrada" },
    ],
  };
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "names", changes: [{ op: "update", id: signal.id, fields: { enumeration } }] });
  const { body } = await own("GET", "/states/S10?days=1");
  const of = (list: readonly { word: string }[], word: string) => list.find((each) => each.word === word);
  expect(of(body.words, "77")).toMatchObject({ name: "Avería", by: "nothing", proposed: { state: "failed", cause: "internal" } });
  // what has a meaning gets no other one
  expect(of(body.words, "20")).toMatchObject({ name: "Marcha", by: "mapping", state: "working" });
  expect(of(body.words, "20")).not.toHaveProperty("proposed");
  expect(body.unseen).toMatchObject([{ word: "78", name: "Espera entrada", count: 0, by: "nothing", proposed: { state: "starved" } }]);
  const named = (await own("GET", `/raw-states?code=${encodeURIComponent("aver")}&days=1`)).body.rows;
  expect(named).toMatchObject([{ station: "S10", code: "77", name: "Avería" }]);
  // a proposal is no meaning
  expect(of(body.words, "77")).toMatchObject({ state: "unknown" });
});

test("[ST5] who may not read the signal of a station's words sees neither them nor what was concluded of them", async () => {
  const readers = { from: undefined, to: ["engineer"] };
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "for engineers", changes: [{ op: "update", id: signal.id, fields: { readers } }] });
  const reading = async (role: string) => {
    const app = await serveAs(site, { id: `person:${role}`, name: role, verified: true, roles: [role] });
    try {
      const found = (await (await fetch(`${app.origin}/api/doppelwerk/v1/raw-states?code=77&days=1`)).json()) as {
        readonly rows: readonly object[];
      };
      expect(found.rows).toHaveLength(role === "engineer" ? 1 : 0);
      return (await (await fetch(`${app.origin}/api/doppelwerk/v1/states/S10?days=1`)).json()) as {
        readonly words: readonly { readonly word: string }[];
        readonly unseen: readonly { readonly word: string }[];
        readonly signals: readonly { readonly id: string }[];
      };
    } finally {
      await app.close();
    }
  };
  expect((await reading("engineer")).words.map(({ word }) => word)).toContain("77");
  const { words: seen, unseen, signals } = await reading("viewer");
  expect([seen, unseen, signals.map(({ id }) => id).includes(signal.id)]).toEqual([[], [], false]);
});
