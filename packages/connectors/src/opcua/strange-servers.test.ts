import { message } from "@doppelwerk/messages";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReferenceTypeIds, resolveNodeId } from "node-opcua";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import type { SignalDraft } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { startProxy } from "../samples/test-proxy.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { openTrustList } from "../trust/trust-list.ts";
import { formatAddress, parseAddress } from "./address.ts";
import { readAll, references } from "./ask-server.ts";
import { browseServer } from "./browse.ts";
import { openLink } from "./link.ts";
import { opcuaConnector } from "./opcua-connector.ts";
import { HOSTILE_NAMESPACE, startHostileServer, type HostileServer } from "./test-hostile-server.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-opcua-strange-"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe("OPC UA servers of others", () => {
  let stops: (() => Promise<unknown>)[] = [];
  /** One server for several tests: it takes a second to start. */
  let shared: HostileServer;
  beforeAll(async () => {
    shared = await startHostileServer({ folder, hostname: "plc-7.nowhere.invalid" });
  });
  afterAll(() => shared.stop());
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  async function listen(
    url: string,
    drafts: readonly Pick<SignalDraft, "address" | "valueType">[],
    settings?: ConnectionRecord["settings"],
  ) {
    const connection = {
      id: "connection:1",
      kind: "connection",
      name: "plant",
      protocol: "opcua",
      url,
      enabled: true,
      settings,
    } as ConnectionRecord;
    const signals = drafts.map(({ address, valueType }): SignalRecord => ({
      id: `signal:${address}`,
      kind: "signal",
      name: address,
      valueType,
      address,
    }));
    const source = opcuaConnector.open(connection, signals, {
      clock: wallClock,
      dataDir: folder,
      graceMs: 300,
      retryMs: { first: 50, most: 200 },
    });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    return { recorder, source };
  }

  test("[C170] a server that takes less than it declares is asked in smaller calls, and one with a single continuation point is browsed whole", async () => {
    const server = await startHostileServer({ folder, undeclaredLimit: 7, plain: 60 });
    stops.push(() => server.stop());
    const url = `opc.tcp://127.0.0.1:${server.port}`;
    const found = await browseServer(url, { dataDir: folder });
    expect(found.drafts.filter(({ name }) => /^p\d+$/.test(name))).toHaveLength(60);
    const plain = found.drafts.filter(({ name }) => /^p\d+$/.test(name));
    const { recorder } = await listen(url, plain);
    await recorder.until(() => plain.every((_, n) => recorder.of(n).at(-1)?.quality === quality.good), "every value");
    const link = await openLink({ url, dataDir: folder });
    stops.push(() => link.close());
    (link.session as unknown as { requestedMaxReferencesPerNode: number }).requestedMaxReferencesPerNode = 5;
    const [plant, a, again] = await references(
      link,
      ["s=Anlage", "s=A", "s=Anlage"].map((id) => resolveNodeId(`ns=${link.namespaces.indexOf(HOSTILE_NAMESPACE)};${id}`)),
    );
    expect([a!.length, again!.length]).toEqual([1, plant!.length]);
    expect(plant!.length).toBeGreaterThan(70);
    expect(link.limits.nodesPerBrowse).toBe(OWN_BROWSE);
    const [none] = await readAll(link, [{ nodeId: resolveNodeId("ns=9;s=none"), attributeId: 13 }]);
    expect(none!.statusCode.isGood()).toBe(false);
    expect((await references(link, [resolveNodeId("ns=9;s=none")], ReferenceTypeIds.HasProperty))[0]).toEqual([]);
  });

  test("[C171] structures, unions, enumerations, matrices and 64-bit integers of the server's own types are signals under the server's names, with the values that stand there", async () => {
    const url = `opc.tcp://127.0.0.1:${shared.port}`;
    const { drafts, skipped } = await browseServer(url, { dataDir: folder });
    const shown = new Map(drafts.map((draft) => [draft.path.slice(1).join("/"), draft]));
    expect(shown.get("Betriebsart")).toMatchObject({
      valueType: "enumeration",
      enumeration: [
        { value: 0, name: "aus" },
        { value: 1, name: "ein" },
        { value: 7, name: "stör" },
      ],
    });
    expect(shown.get("outer/State")).toMatchObject({
      valueType: "enumeration",
      enumeration: expect.arrayContaining([{ value: 7, name: "stör" }]),
    });
    expect(skipped).toEqual([{ reason: message("connectors.valueOfType", { type: "ByteString" }), count: 1 }]);
    const expected: Readonly<Record<string, number | string>> = {
      Betriebsart: 7,
      "outer/Items/0/Flag": 1,
      "outer/Items/1/Big": 5_000_000_000,
      "outer/Items/1/List/1": 2,
      "outer/Rest": 1.5,
      "outer/State": 7,
      "inners/0/Big": 5_000_000_000,
      "either/Word": "x",
      "wide/0": 7,
      "wide/1": -1,
      "matrix/0/1": 1,
      "matrix/1/0": 3,
      any: 3.25,
      guidvalue: "12345678-1234-5678-1234-567812345678",
    };
    expect(Object.keys(expected).filter((path) => !shown.has(path))).toEqual([]);
    expect([...shown.keys()].filter((path) => /Gone|either\/Number/.test(path))).toEqual([]);
    // what is a variable of its own is proposed as that, and once
    const once = drafts.filter(({ path }) => /^(outer\/Rest|zones)/.test(path.slice(1).join("/"))).map(({ address }) => address);
    expect(once.toSorted()).toEqual(["outer.Rest", "zones[0]", "zones[1]"].map((id) => formatAddress(HOSTILE_NAMESPACE, `s=${id}`)));
    const wanted = Object.keys(expected).map((path) => shown.get(path)!);
    const { recorder } = await listen(url, wanted);
    await recorder.until(() => wanted.every((_, n) => recorder.of(n).length > 0), "every value");
    expect(Object.fromEntries(Object.keys(expected).map((path, n) => [path, recorder.of(n)[0]!.text ?? recorder.of(n)[0]!.value]))).toEqual(
      expected,
    );
  });

  test("[C172] ids of all four kinds, two of one name, a circle and texts that are none: each is one signal, and they outlive a restart that counts the namespaces anew", async () => {
    const { port } = shared;
    const url = `opc.tcp://127.0.0.1:${port}`;
    const { drafts } = await browseServer(url, { dataDir: folder });
    const names = ["number", "guid", "opaque", "slash", "Temp", "Temp", "tief", "spät"];
    const found = drafts.filter(({ name }) => names.includes(name));
    expect(found.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    const { recorder } = await listen(url, found);
    const all = () => found.map((_, n) => recorder.of(n).at(-1)).toSorted((a, b) => a!.value - b!.value);
    await recorder.until(() => found.every((_, n) => recorder.of(n).at(-1)?.quality === quality.good), "every value");
    expect(all().map((sample) => sample!.value)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const before = recorder.samples.length;
    await shared.stop();
    shared = await startHostileServer({ folder, port, before: ["urn:first", "urn:second"], hostname: "plc-7.nowhere.invalid" });
    await recorder.until(
      () =>
        found.every((_, n) => recorder.samples.slice(before).some(({ signal, quality: worth }) => signal === n && worth === quality.good)),
      "every value again",
    );
    expect(all().map((sample) => sample!.value)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const texts = drafts.filter(({ name }) => name === "huge" || name === "broken");
    const other = await listen(url, texts);
    await other.recorder.until(() => texts.every((_, n) => other.recorder.of(n).length > 0), "both texts");
    expect(texts.map(({ name }, n) => [name, other.recorder.of(n)[0]!.quality]).toSorted()).toEqual([
      ["broken", quality.good],
      ["huge", quality.bad],
    ]);
    for (const identifier of ["s=a#/b;c%d", "s=#%2F#/", "s=#%", "s=##/%25"])
      for (const inside of [[], ["x/y", "~#/"]])
        expect(parseAddress(formatAddress("urn:x;%", identifier, inside))).toEqual({ namespaceUri: "urn:x;%", identifier, inside });
  });

  test("[C173] the address that a person gave is the one that is used, whatever hosts the server's endpoints name, plain and signed, and after a loss too", async () => {
    const proxy = await startProxy(shared.port);
    stops.push(() => proxy.stop());
    const url = `opc.tcp://127.0.0.1:${proxy.port}`;
    const { drafts } = await browseServer(url, { dataDir: folder });
    const wanted = drafts.filter(({ name }) => name === "number");
    const signed = await listen(url, wanted, { securityMode: "Sign" });
    const told = () => signed.recorder.notices.some((notice) => notice.kind === "state" && /not trusted yet/.test(notice.reason ?? ""));
    await signed.recorder.until(told, "the question");
    const trust = openTrustList(folder);
    for (const { thumbprint } of trust.list()) trust.decide(thumbprint, "trusted");
    const plain = await listen(url, wanted);
    for (const { recorder } of [plain, signed]) {
      await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.good, "the value");
    }
    proxy.cut();
    for (const { recorder } of [plain, signed]) await recorder.until(() => recorder.states().at(-1) === "reconnecting", "the loss");
    proxy.mend();
    for (const { recorder } of [plain, signed])
      await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.good, "the value again");
    const gone = await listen("opc.tcp://127.0.0.1:1", wanted);
    const reasons = () => gone.recorder.notices.flatMap((notice) => (notice.kind === "state" ? [notice.reason] : []));
    await gone.recorder.until(
      () => reasons().some((reason) => reason?.startsWith("No connection to opc.tcp://127.0.0.1:1: nothing listens at this port") === true),
      "one line",
    );
  });
});

const OWN_BROWSE = 200;
