import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { quality, type Clock, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { sampleSourceContract } from "../samples/sample-source.contract.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { forbidden } from "./guarded-client.ts";
import { httpConnector, parseHttpAddress } from "./http-source.ts";
import { httpSettings } from "./settings.ts";

const fast = { clock: wallClock, dataDir: "", graceMs: 300, retryMs: { first: 50, most: 200 } };
const connection = (port: number, settings: ConnectionRecord["settings"] = {}): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "plant",
  protocol: "http",
  url: `http://127.0.0.1:${port}/state`,
  enabled: true,
  settings: { intervalS: 0.05, timeoutMs: 1000, allowPrivate: true, ...settings },
});

interface Plant {
  readonly port: number;
  stop(): Promise<void>;
}

async function serve(listener: RequestListener, port = 0): Promise<Plant> {
  const server: Server = createServer(listener);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

sampleSourceContract("HTTP pull", async () => {
  const state: Record<string, unknown> = { number: 1, count: 0, flag: false, word: "a" };
  const answer: RequestListener = (_request, response) => response.setHeader("content-type", "application/json").end(JSON.stringify(state));
  let plant = await serve(answer);
  const { port } = plant;
  return {
    polled: true,
    source: (signals) => httpConnector.open(connection(port), signals, fast),
    address: (name) => `#/${name}`,
    set: (name, value) => void (state[name] = value),
    setWrongType: (name) => void (state[name] = "no number"),
    vanish: () => plant.stop(),
    async comeBack() {
      plant = await serve(answer, port);
    },
    stop: () => plant.stop(),
  };
});

describe("HTTP pull", () => {
  let stops: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  async function open(
    listener: RequestListener,
    addresses: readonly string[],
    settings: ConnectionRecord["settings"] = {},
    secret?: { token: string },
    clock: Clock = wallClock,
  ) {
    const plant = await serve(listener);
    stops.push(() => plant.stop());
    const signals = addresses.map((address, n): SignalRecord => ({
      id: `signal:${n}`,
      kind: "signal",
      name: address,
      valueType: "double",
      address,
    }));
    const source = httpConnector.open(connection(plant.port, settings), signals, {
      ...fast,
      clock,
      ...(secret === undefined ? {} : { secret }),
    });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    return { recorder, plant };
  }

  const reasons = (recorder: ReturnType<typeof createRecorder>): string[] =>
    recorder.notices.flatMap((notice) => (notice.kind === "state" && notice.reason !== undefined ? [notice.reason] : []));

  test("[C80] a document that did not change is not sent again, and its values go on to stand", async () => {
    const seen: IncomingMessage[] = [];
    let value = 1;
    const { recorder } = await open(
      (request, response) => {
        seen.push(request);
        const tag = `"v${value}"`;
        if (request.headers["if-none-match"] === tag) return void response.writeHead(304).end();
        response.writeHead(200, { etag: tag, "content-type": "application/json" }).end(`{"a": {"b": [${value}]}}`);
      },
      ["#/a/b/0"],
    );
    await recorder.until(() => seen.length > 6, "questions");
    expect(seen.slice(1).every(({ headers }) => headers["if-none-match"] === '"v1"')).toBe(true);
    expect(recorder.of(0).map((sample) => sample.value)).toEqual([1]);
    value = 2;
    await recorder.until(() => recorder.of(0).at(-1)?.value === 2, "the change");
    expect(recorder.states()).toEqual(["connecting", "connected"]);
  });

  test("[C85] a server that gives an old tag to another document after a restart misleads for a minute at most", async () => {
    let value = 1;
    let asked = 0;
    let later = 0;
    const { recorder } = await open(
      (request, response) => {
        asked++;
        if (request.headers["if-none-match"] === '"1"') return void response.writeHead(304).end();
        response.writeHead(200, { etag: '"1"', "content-type": "application/json" }).end(`{"a": ${value}}`);
      },
      ["#/a"],
      {},
      undefined,
      { now: () => wallClock.now() + later },
    );
    await recorder.until(() => recorder.of(0).at(-1)?.value === 1, "the value");
    value = 2;
    const before = asked;
    await recorder.until(() => asked > before + 3, "questions");
    expect(recorder.of(0).map((sample) => sample.value)).toEqual([1]);
    later = 61_000_000;
    await recorder.until(() => recorder.of(0).at(-1)?.value === 2, "the other document");
    expect(recorder.states()).toEqual(["connecting", "connected"]);
  });

  test("[C81] loopback, private and metadata addresses are asked only when the person who connects said so, by name or by number", async () => {
    for (const address of [
      "127.0.0.1",
      "10.1.2.3",
      "172.20.0.1",
      "192.168.1.1",
      "169.254.1.1",
      "::1",
      "::",
      "fd00::1",
      "fe80::1",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
      "0.0.0.0",
      "100.64.0.1",
    ]) {
      expect(forbidden(address, false), address).toBeDefined();
      expect(forbidden(address, true), address).toBeUndefined();
    }
    expect(forbidden("169.254.169.254", true)?.code).toBe("connectors.addressOfCloudMetadata");
    for (const mapped of ["::ffff:169.254.169.254", "::ffff:a9fe:a9fe"])
      expect(forbidden(mapped, true)?.code).toBe("connectors.addressOfCloudMetadata");
    expect([forbidden("8.8.8.8", false), forbidden("2606:4700::1", false)]).toEqual([undefined, undefined]);
    const hits: string[] = [];
    const { recorder, plant } = await open((request, response) => void response.end(String(hits.push(request.url!))), ["#"], {
      allowPrivate: false,
    });
    await recorder.until(() => reasons(recorder).some((reason) => reason.includes("allowPrivate")), "the refusal");
    await expect(
      httpConnector.discover({ protocol: "http", url: `http://localhost:${plant.port}/`, settings: {} }, { dataDir: "" }),
    ).rejects.toThrow("allowPrivate");
    expect(hits).toEqual([]);
  });

  test("[C82] an answer that is slow, large, elsewhere, not JSON or not 200 is one reason, and the next one counts again", async () => {
    let answer: RequestListener = (_request, response) => void response.end("{}");
    const { recorder } = await open((request, response) => answer(request, response), ["#/v"], { timeoutMs: 200, maxBytes: 1000 });
    const cases: readonly (readonly [RequestListener, string])[] = [
      [() => {}, "no answer in 200 ms"],
      [(_q, response) => void response.end(`"${"x".repeat(5000)}"`), "the answer is larger than 1000 bytes"],
      [
        (_q, response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
        "the server sends us elsewhere (302 to http://169.254.169.254/): give that address",
      ],
      [(_q, response) => void response.setHeader("content-type", "application/json").end("{oops"), "the answer is no JSON"],
      [(_q, response) => void response.writeHead(503).end(), "the server answers 503"],
      [(_q, response) => void response.end(Buffer.from([0xff, 0xff])), "the answer is no text"],
    ];
    for (const [listener, reason] of cases) {
      answer = listener;
      await recorder.until(() => reasons(recorder).includes(reason), reason);
    }
    answer = (_q, response) => void response.end('{"v": 5}');
    await recorder.until(() => recorder.of(0).at(-1)?.value === 5, "a value again");
  });

  test("[C83] of several documents one may fail; the time comes from where it was said to be; a token goes into the header", async () => {
    const old = "2026-11-24T10:00:00.125+01:00";
    const { recorder } = await open(
      (request, response) => {
        if (request.headers.authorization !== "Bearer geheim") return void response.writeHead(401).end();
        if (request.url === "/other") return void response.writeHead(404).end();
        response.end(JSON.stringify({ at: old, v: 3 }));
      },
      ["#/v", "/other#/v", "http://example.org/x#/v"],
      { timePointer: "/at" },
      { token: "geheim" },
    );
    await recorder.until(() => [0, 1, 2].every((n) => recorder.of(n).length > 0), "all");
    expect(recorder.of(0)[0]).toMatchObject({ value: 3, quality: quality.good, sourceTime: Date.parse(old) * 1000 });
    expect([1, 2].map((n) => recorder.of(n)[0]!.quality)).toEqual([quality.bad, quality.bad]);
    const messages = recorder.notices.flatMap((notice) => (notice.kind === "finding" ? [notice.message] : []));
    expect(messages).toContain("the server answers 404");
    expect(messages.some((message) => message.includes("leaves the server"))).toBe(true);
    expect(JSON.stringify(recorder.notices)).not.toContain("geheim");
  });

  test("[C84] every scalar of the answer is proposed; a secret in the settings is refused", async () => {
    const plant = await serve(
      (_q, response) => void response.end('{"line": {"speed": 12.5, "run": true, "a/b": "x"}, "timestamp": "2026-11-24T10:00:00Z"}'),
    );
    stops.push(() => plant.stop());
    const found = await httpConnector.discover(connection(plant.port), { dataDir: "" });
    expect(found.drafts.map(({ address, valueType }) => [address, valueType])).toEqual([
      ["#/line/speed", "double"],
      ["#/line/run", "boolean"],
      ["#/line/a~1b", "string"],
    ]);
    expect(parseHttpAddress("http://h/x", "#/line/a~1b")).toMatchObject({ tokens: ["line", "a/b"] });
    expect(httpSettings.safeParse({ headers: { Authorization: "Basic x" } }).success).toBe(false);
  });
});
