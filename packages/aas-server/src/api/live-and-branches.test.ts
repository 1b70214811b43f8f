import { encodeId } from "@doppelwerk/aas";
import { LIVE, quality } from "@doppelwerk/world";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { elements, environment, isResult, sm, SM } from "./pump-documents.fixture.ts";
import { ENGINEER, startTestServer, VIEWER, type TestServer } from "./test-server.fixture.ts";

let server: TestServer;
const call: TestServer["call"] = (...given) => server.call(...given);
const element = async (path: string) => (await call("GET", `${elements}/${encodeURIComponent(path)}`)).json;

describe("live values, plans, branches and rights", () => {
  beforeAll(async () => void (server = await startTestServer(environment)));
  afterAll(() => server.close());

  test("[API10] a bound property shows its signal: good with quality and time, bad or missing as no value, never the design value", async () => {
    const signal = await server.bind(SM, "measured");
    const value = `${elements}/measured/$value`;
    const missing = await call("GET", value);
    expect([missing.text, missing.headers.get("doppelwerk-quality")]).toEqual(["null", "bad"]);
    expect((await call("GET", `${sm}/$value`)).json).not.toHaveProperty("measured");
    await server.sample(signal, 42.5);
    const good = await call("GET", value);
    expect([good.text, good.headers.get("doppelwerk-quality"), good.headers.get("doppelwerk-source-time")]).toEqual([
      "42.5",
      "good",
      expect.stringMatching(/^20.*Z$/),
    ]);
    expect(good.headers.get("doppelwerk-origin")).toBe("measured");
    expect((await call("GET", `${sm}/$value`)).json.measured).toBe(42.5);
    expect(await element("measured")).toMatchObject({
      value: "42.5",
      extensions: [{ name: "LiveQuality", value: "good" }, { name: "LiveSourceTime" }],
    });
    await server.sample(signal, 1, quality.uncertain);
    expect((await call("GET", value)).headers.get("doppelwerk-quality")).toBe("uncertain");
    await server.sample(signal, 2, quality.good, "simulated");
    expect((await call("GET", value)).headers.get("doppelwerk-origin")).toBe("simulated");
    expect(await element("measured")).toMatchObject({ extensions: [{}, {}, { name: "LiveOrigin", value: "simulated" }] });
    await server.sample(signal, NaN, quality.bad);
    const bad = await call("GET", value);
    expect([bad.text, bad.headers.get("doppelwerk-quality")]).toEqual(["null", "bad"]);
    expect(await element("measured")).not.toHaveProperty("value");
  });

  test("[API10] writing a bound property is refused and names the Command, and a document that carries its live value changes nothing", async () => {
    const refused = await call("PATCH", `${elements}/measured/$value`, "3");
    expect(refused.status).toBe(409);
    expect(refused.json.messages[0].text).toMatch(/Command for the signal Signal of measured/);
    expect((await call("PATCH", `${sm}/$value`, '{"measured":3,"speed":1}')).status).toBe(409);
    expect((await call("GET", `${elements}/speed/$value`)).text).toBe("5000");
    const whole = (await call("GET", `${sm}?extent=withBlobValue`)).json;
    const before = server.world.revision();
    expect((await call("PUT", sm, whole)).status).toBe(204);
    expect((await call("PUT", `${elements}/measured`, { ...(await element("measured")), value: "99" })).status).toBe(204);
    expect(server.world.revision()).toBe(before);
    const record = server.world
      .reader(LIVE)
      .query({ kind: "element" })
      .find((each) => each["idShort"] === "measured")!;
    expect(record["value"]).toBe("1.5");
  });

  test("[API11] a plan is shown as qualifiers and stays a plan", async () => {
    const record = server.world
      .reader(LIVE)
      .query({ kind: "element" })
      .find((each) => each["idShort"] === "speed")!;
    const planned = {
      value: "6000",
      effectiveFrom: "2026-12-01T06:00:00Z",
      owner: "Anna",
      action: "adjust the drive",
      request: "mergeRequest:1",
    };
    await server.world.apply({
      branch: LIVE,
      actor: ENGINEER.id,
      reason: "plan",
      changes: [{ op: "update", id: record.id, fields: { planned: { from: undefined, to: planned } } }],
    });
    const shown = await element("speed");
    expect(shown.value).toBe("5000");
    expect(shown.qualifiers.map(({ type, value }: { type: string; value: string }) => [type, value])).toEqual([
      ["PlannedValue", "6000"],
      ["PlannedEffectiveFrom", "2026-12-01T06:00:00Z"],
      ["PlannedOwner", "Anna"],
      ["PlannedAction", "adjust the drive"],
    ]);
    expect((await call("PUT", `${elements}/speed`, { ...shown, value: "5001" })).status).toBe(204);
    const after = server.world.reader(LIVE).get(record.id)!;
    expect([after["value"], after["planned"], (after["body"] as { qualifiers?: unknown }).qualifiers]).toEqual([
      "5001",
      planned,
      undefined,
    ]);
  });

  test("[API13] a branch is an AAS server of its own and says on every answer that it is a branch", async () => {
    await server.world.fork({ name: "seventh place", parent: LIVE, instant: server.now(), actor: ENGINEER.id, reason: "what if" });
    const base = "/worlds/default/branches/seventh%20place/api/v3";
    const answer = await call("GET", `${base}${elements}/big/$value`);
    expect([answer.text, answer.headers.get("doppelwerk-branch")]).toEqual(["9223372036854775807", "seventh%20place"]);
    expect((await call("PATCH", `${base}${elements}/big/$value`, "1")).status).toBe(204);
    expect((await call("GET", `${base}${elements}/big/$value`)).text).toBe("1");
    const live = await call("GET", `/worlds/default/api/v3${elements}/big/$value`);
    expect([live.text, live.headers.get("doppelwerk-branch")]).toEqual(["9223372036854775807", null]);
    isResult((await call("GET", `${base}/nowhere`)).json, 404);
    const signal = server.world.reader(LIVE).query({ kind: "signal" })[0]!.id;
    await server.sample(signal, 8);
    await server.world.fork({ name: "later", parent: LIVE, instant: server.now(), actor: ENGINEER.id, reason: "what if" });
    await server.sample(signal, 9);
    const measured = (name: string) => call("GET", `/worlds/default/branches/${name}/api/v3${elements}/measured/$value`);
    expect([(await measured("later")).text, (await call("GET", `${elements}/measured/$value`)).text]).toEqual(["8", "9"]);
    expect((await measured("later")).headers.get("doppelwerk-quality")).toBe("good");
  });

  test("[API14] what a principal may not read is not there for him, and what he may not write is refused", async () => {
    const closed = await startTestServer(environment, VIEWER);
    try {
      const record = closed.world
        .reader(LIVE)
        .query({ kind: "submodel" })
        .find((each) => each["aasId"] === SM)!;
      await closed.world.apply({
        branch: LIVE,
        actor: ENGINEER.id,
        reason: "close",
        changes: [{ op: "update", id: record.id, fields: { readers: { from: undefined, to: ["engineer"] } } }],
      });
      expect((await closed.call("GET", sm)).status).toBe(404);
      expect((await closed.call("GET", `${elements}/speed/$value`)).status).toBe(404);
      expect((await closed.call("GET", "/submodels")).json.result).toHaveLength(2);
      expect((await closed.call("GET", "/serialization")).text).not.toContain("5000");
      const refused = await closed.call("PATCH", `/submodels/${encodeId("urn:sm:other")}/submodel-elements/a1/$value`, "2");
      expect(refused.status).toBe(403);
      isResult(refused.json, 403);
    } finally {
      await closed.close();
    }
  });
});
