import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { ConnectionRecord, SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { instantOf } from "../samples/source-time.ts";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { delimiterOf, parseCsv } from "./csv.ts";
import { textOf, unpackedFile } from "./file-text.ts";
import { csvConnector, fits } from "./csv-source.ts";
import { readRecording } from "./recording.ts";
import { replayConnector } from "./replay-connector.ts";
import { replaySettings } from "./settings.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fast = { clock: wallClock, dataDir: join(folder, "data"), graceMs: 300, retryMs: { first: 50, most: 200 } };
let stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.toReversed()) await stop();
  stops = [];
});
const signal = (address: string, valueType: SignalRecord["valueType"] = "double"): SignalRecord => ({
  id: `signal:${address}`,
  kind: "signal",
  name: address,
  valueType,
  address,
});
const connection = (protocol: "csv" | "replay", url: string, settings: ConnectionRecord["settings"] = {}): ConnectionRecord => ({
  id: `connection:${url}`,
  kind: "connection",
  name: "files",
  protocol,
  url,
  enabled: true,
  settings,
});

describe("times as devices write them", () => {
  test("[C110] ISO with any fraction and offset, numbers of seconds to nanoseconds, zones with their summer; nonsense is no time", () => {
    const at = Date.UTC(2026, 6, 1, 10, 0, 0) * 1000;
    for (const [text, zone] of [
      ["2026-07-01T10:00:00Z"],
      ["2026-07-01T12:00:00+02:00"],
      ["2026-07-01 12:00:00+02"],
      ["2026-07-01 12:00:00", "Europe/Berlin"],
      ["2026-07-01T18:00", "Asia/Shanghai"],
      [at / 1_000_000],
      [at / 1_000],
      [at],
      [at * 1_000],
      [String(at / 1_000_000)],
    ] as const)
      expect(instantOf(text, zone), String(text)).toBe(at);
    expect(instantOf("2022-08-08T13:51:34.7167146Z")).toBe(Date.UTC(2022, 7, 8, 13, 51, 34) * 1000 + 716_714);
    expect(instantOf("2026-01-01 12:00:00", "Europe/Berlin")).toBe(Date.UTC(2026, 0, 1, 11) * 1000);
    for (const text of [
      "",
      "yesterday",
      "2026-02-30T00:00:00Z",
      "2026-01-01T25:00:00Z",
      "1601-01-01T00:00:00Z",
      5,
      Number.NaN,
      null,
      "12:00",
    ])
      expect(instantOf(text), String(text)).toBeUndefined();
  });
});

/** Windows-1252 has letters of Latin-1, and signs of its own below. */
function cp1252(text: string): Uint8Array {
  const signs: Readonly<Record<string, number>> = { "€": 0x80, "“": 0x93, "”": 0x94 };
  return Uint8Array.from(text, (letter) => signs[letter] ?? letter.charCodeAt(0));
}

describe("CSV drop folder", () => {
  test("[C111] quotes, delimiters, marks, old encodings and half lines are read as they are meant", () => {
    expect(parseCsv('a,"b ""c"", d"\r\n1,"x\ny"\n,\n\nlast', ",")).toEqual([["a", 'b "c", d'], ["1", "x\ny"], ["", ""], ["last"]]);
    expect(parseCsv('"never closed', ",")).toEqual([["never closed"]]);
    expect([delimiterOf("a;b,c;d\n1"), delimiterOf("a\tb"), delimiterOf("a")]).toEqual([";", "\t", ","]);
    expect(textOf(Buffer.from([0x67, 0x72, 0xfc, 0x6e]))).toBe("grün");
    // East Asia by its pairs; a degree sign, a unit and an umlaut stand alone
    expect(textOf(Uint8Array.of(0xa4, 0x75, 0xb3, 0xe6, 0xb8, 0xb9, 0x2c, 0xb6, 0x7d, 0xa9, 0x6c, 0xae, 0xc9, 0xb6, 0xa1))).toBe(
      "工單號,開始時間",
    );
    expect(textOf(Uint8Array.of(0x90, 0xbb, 0x91, 0xa2, 0x94, 0xd4, 0x8d, 0x86, 0x2c, 0x8a, 0x4a, 0x8e, 0x6e, 0xc3, 0xbd, 0xc4))).toBe(
      "製造番号,開始ﾃｽﾄ",
    );
    expect(textOf(Uint8Array.of(0xb9, 0xa4, 0xb5, 0xa5, 0xba, 0xc5, 0x2c, 0xd6, 0xec, 0xe9, 0x46, 0xbb, 0xf9))).toBe("工单号,朱镕基");
    for (const text of ["T (°C);µm", "Straße;Öl;Käse", "Ä;é;½", "“Ende”;€"]) expect(textOf(cp1252(text)), text).toBe(text);
    const packed = gzipSync("a".repeat(5_000_000));
    expect(unpackedFile("a.gz", packed, 5_000_000)).toHaveLength(5_000_000);
    expect(() => unpackedFile("a.gz", packed, 4_999_999)).toThrow("holds more than 4 MB: a.gz");
    expect(() => unpackedFile("a.gz", packed.subarray(0, 200), 1e7)).toThrow(/cannot be unpacked \(.+\): a\.gz/);
    expect([
      fits("Line1.CSV", "*.csv"),
      fits("a-2026.csv", "a*.csv"),
      fits("b.csv", "a*"),
      fits("ab.csv", "a*b*b.csv"),
      fits("x.csv", "x.csv"),
    ]).toEqual([true, true, false, false, true]);
  });

  test("[C112] rows of new and growing files are read once, over a restart too; counts have the time of their row", async () => {
    const drop = join(folder, "drop");
    mkdirSync(drop);
    writeFileSync(join(drop, "a.csv"), "Zeit;Gutteile;Temperatur\n2026-11-24 10:00:00;5;21,5\n2026-11-24 10:01:00;6;21,75\n");
    const url = pathToFileURL(drop).href;
    const settings = { scanS: 0.05, decimal: ",", timeZone: "Europe/Berlin" };
    const found = await csvConnector.discover(connection("csv", url, settings), { dataDir: "" });
    expect(found.drafts.map(({ address, valueType }) => [address, valueType])).toEqual([
      ["Gutteile", "double"],
      ["Temperatur", "double"],
    ]);
    const signals = [signal("Gutteile"), signal("Temperatur")];
    const open = async () => {
      const source = csvConnector.open(connection("csv", url, settings), signals, fast);
      stops.push(() => source.close());
      const recorder = createRecorder();
      await source.start(recorder);
      return { source, recorder };
    };
    const first = await open();
    await first.recorder.until(() => first.recorder.of(1).length === 2, "both rows");
    expect(first.recorder.of(1).map(({ value, sourceTime }) => [value, sourceTime])).toEqual([
      [21.5, Date.UTC(2026, 10, 24, 9, 0) * 1000],
      [21.75, Date.UTC(2026, 10, 24, 9, 1) * 1000],
    ]);
    appendFileSync(join(drop, "a.csv"), "2026-11-24 10:02:00;7;22,0\n2026-11-24 10:03");
    await first.recorder.until(() => first.recorder.of(0).length === 3, "the row that was added");
    await first.source.close();
    appendFileSync(join(drop, "a.csv"), ":00;8;22,5\n");
    writeFileSync(join(drop, "b.csv"), "Zeit;Gutteile\n2026-11-24 11:00:00;9\n");
    writeFileSync(join(drop, "ignored.txt"), "Zeit;Gutteile\n2026-11-24 11:00:00;99\n");
    const second = await open();
    await second.recorder.until(() => second.recorder.of(0).length === 2, "what came meanwhile");
    expect(
      second.recorder
        .of(0)
        .map(({ value }) => value)
        .toSorted(),
    ).toEqual([8, 9]);
  });

  test("[C117] a file that was replaced under its name is another file, also when it is as long as the one before or longer by now; half a line waits for its end", async () => {
    const drop = join(folder, "rotated");
    mkdirSync(drop);
    const file = join(drop, "a.csv");
    const rows = (first: number, count: number): string =>
      `time,a\n${Array.from({ length: count }, (_, n) => `${new Date(Date.UTC(2026, 10, 24, 10, first + n)).toISOString()},${100 + first + n}\n`).join("")}`;
    const open = async () => {
      const source = csvConnector.open(connection("csv", pathToFileURL(drop).href, { scanS: 0.05 }), [signal("a")], fast);
      stops.push(() => source.close());
      const recorder = createRecorder();
      await source.start(recorder);
      return { source, recorder, values: () => recorder.of(0).map(({ value }) => value) };
    };
    const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, n) => 100 + first + n);
    writeFileSync(file, rows(0, 3));
    const first = await open();
    await first.recorder.until(() => first.values().length === 3, "the first file");
    writeFileSync(file, rows(10, 3));
    await first.recorder.until(() => first.values().length === 6, "one that is as long");
    writeFileSync(file, rows(20, 5));
    await first.recorder.until(() => first.values().length === 11, "one that is longer");
    appendFileSync(file, "2026-11-24T11:00:00Z,20");
    writeFileSync(join(drop, "b.csv"), rows(30, 1));
    await first.recorder.until(() => first.values().length === 12, "a file beside it");
    appendFileSync(file, "0\n");
    await first.recorder.until(() => first.values().length === 13, "the whole line");
    await first.source.close();
    expect(first.values()).toEqual([...range(0, 3), ...range(10, 3), ...range(20, 5), 130, 200]);
    // while nobody looked
    writeFileSync(file, rows(40, 8));
    const second = await open();
    await second.recorder.until(() => second.values().length === 8, "one that replaced it meanwhile");
    appendFileSync(file, rows(50, 1).slice("time,a\n".length));
    await second.recorder.until(() => second.values().length === 9, "what it grew by");
    expect(second.values()).toEqual([...range(40, 8), 150]);
  });

  test("[C113] a folder that is not there is a reason, a header without the columns is a finding, and key columns name signals", async () => {
    const absent = csvConnector.open(connection("csv", pathToFileURL(join(folder, "nowhere")).href, { scanS: 0.05 }), [signal("a")], fast);
    stops.push(() => absent.close());
    const lost = createRecorder();
    await absent.start(lost);
    await lost.until(
      () => lost.notices.some((notice) => notice.kind === "state" && notice.reason?.includes("ENOENT") === true),
      "the reason",
    );
    const drop = join(folder, "long");
    mkdirSync(drop);
    writeFileSync(join(drop, "a.csv"), "ts,tag,val\n2026-11-24T10:00:00Z,m1,5\n2026-11-24T10:00:00Z,m2,6\nnever,m1,7\n");
    writeFileSync(join(drop, "b.csv"), "other\n1\n");
    const source = csvConnector.open(
      connection("csv", pathToFileURL(drop).href, { scanS: 0.05, keyColumn: "tag", valueColumn: "val" }),
      [signal("m1"), signal("m2")],
      fast,
    );
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    await recorder.until(() => recorder.of(1).length === 1, "by key");
    expect(recorder.of(0).map(({ value }) => value)).toEqual([5]);
    await recorder.until(
      () => recorder.notices.some((notice) => notice.kind === "finding" && notice.message.startsWith("b.csv: there is no column tag")),
      "the finding",
    );
    await recorder.until(
      () => recorder.notices.some((notice) => notice.kind === "dropped" && notice.count === 1),
      "the row without a time",
    );
  });
});

describe("replay of files", () => {
  const settings = replaySettings.parse({});

  test("[C114] tables, event logs and SHDR are told apart by their content; XES keeps what began and ended", () => {
    expect(readRecording("time,a\n2026-11-24T10:00:00Z,1\n", settings)).toMatchObject({
      format: "table",
      values: [{ key: "a", text: "1" }],
    });
    expect(readRecording("2|a|1\n3|b|X\n", settings).values.map(({ key, time }) => [key, time - Date.UTC(2000, 0, 1) * 1000])).toEqual([
      ["a", 2_000_000],
      ["b", 5_000_000],
    ]);
    const xes = `<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="K1"/>
      <event><string key="concept:name" value="Mill"/><string key="org:resource" value="M4"/><string key="lifecycle:transition" value="start"/><date key="time:timestamp" value="2026-11-24T10:00:00+01:00"/></event>
      <event><string key="concept:name" value="Mill"/><string key="org:resource" value="M4"/><string key="lifecycle:transition" value="complete"/><date key="time:timestamp" value="2026-11-24T10:30:00+01:00"/></event>
      <event><string key="concept:name" value="Pack"/><date key="time:timestamp" value="2026-11-24T11:00:00+01:00"/></event></trace></log>`;
    const values = readRecording(xes, settings).values.filter(({ key }) => key.endsWith("/activity"));
    expect(values.map(({ key, text, time }) => [key, text, (time - Date.UTC(2026, 10, 24, 9) * 1000) / 60_000_000])).toEqual([
      ["M4/activity", "Mill", 0],
      ["M4/activity", "-", 30],
      ["Pack/activity", "Pack", 60],
    ]);
    expect(() => readRecording("nothing here", settings)).toThrow("there is no value with a time");
    expect(() => readRecording("<log><!ENTITY a 'b'></log>", settings)).toThrow("refused");
  });

  test("[C115] a recording is played with its own times or laid at now, at the speed asked for, marked as replayed", async () => {
    const file = join(folder, "tape.csv");
    writeFileSync(file, "time,a,b\n2020-01-01T00:00:00Z,1,x\n2020-01-01T00:00:10Z,2,y\n2020-01-01T00:00:20Z,3,\n");
    const url = pathToFileURL(file).href.replace("file:", "replay:");
    const play = async (more: ConnectionRecord["settings"]) => {
      const source = replayConnector.open(connection("replay", url, more), [signal("a"), signal("b", "string"), signal("c")], fast);
      stops.push(() => source.close());
      const recorder = createRecorder();
      const begun = wallClock.now();
      await source.start(recorder);
      await recorder.until(() => recorder.states().includes("closed"), "the end");
      return { recorder, tookS: (wallClock.now() - begun) / 1_000_000, begun };
    };
    const own = await play({});
    expect(own.recorder.of(0).map(({ value, sourceTime }) => [value, (sourceTime / 1_000_000) % 100])).toEqual([
      [1, 0],
      [2, 10],
      [3, 20],
    ]);
    expect(own.recorder.of(1).map(({ text }) => text)).toEqual(["x", "y"]);
    expect(own.recorder.batches.every(({ origin }) => origin === "replayed")).toBe(true);
    expect(own.recorder.notices).toContainEqual({ kind: "finding", message: "the recording has nothing of this address", address: "c" });
    const live = await play({ speed: 100, shiftToNow: true });
    expect(live.tookS).toBeGreaterThan(0.18);
    expect(live.recorder.of(0)[0]!.sourceTime).toBeGreaterThanOrEqual(live.begun);
    const missing = replayConnector.open(connection("replay", "replay:///nowhere/at/all.csv"), [signal("a")], fast);
    const lost = createRecorder();
    await missing.start(lost);
    expect(lost.notices.at(-1)).toMatchObject({ kind: "state", state: "failed", reason: expect.stringContaining("ENOENT") });
  });

  test("[C116] a log of a shop of our own: every event of every resource, and no time but its own", () => {
    const at = (minute: number): string => new Date(Date.UTC(2026, 0, 5) + minute * 60_000).toISOString().slice(0, 19);
    const lines = Array.from({ length: 300 }, (_, index) => {
      const start = index * 7;
      return `Case${index % 40},${at(start)},${at(start + 5)},${["Turning & Milling", "Grinding", "Packing"][index % 3]},ID${index % 11}`;
    });
    const text = `case_id,start_time,end_time,Activity,Resource\n${lines.join("\n")}\n`;
    const recording = readRecording(text, settings);
    expect([recording.format, recording.skipped.length]).toEqual(["events", 0]);
    const starts = recording.values.filter(({ key, text: activity }) => key.endsWith("/activity") && activity !== "-");
    expect(starts.length).toBe(300);
    expect(new Set(starts.map(({ key }) => key)).size).toBe(11);
    const berlin = readRecording(text, replaySettings.parse({ timeZone: "Europe/Berlin" }));
    expect(recording.values[0]!.time - berlin.values[0]!.time).toBe(3_600_000_000);
  });

  testOnSharedData(
    "[C116] the log of a real shop: every event of every resource, and no time but its own",
    "eventlog/production.csv",
    (log) => {
      const text = readFileSync(log, "utf8");
      const rows = parseCsv(text, ",").slice(1);
      const recording = readRecording(text, settings);
      expect(recording.format).toBe("events");
      const starts = recording.values.filter(({ key, text: activity }) => key.endsWith("/activity") && activity !== "-");
      const skipped = recording.skipped.reduce((sum, { count }) => sum + count, 0);
      expect(starts.length + skipped).toBe(rows.length);
      expect(rows.length).toBe(4_503);
      expect(new Set(starts.map(({ key }) => key)).size).toBe(new Set(rows.map((row) => row[4])).size);
      const berlin = readRecording(text, replaySettings.parse({ timeZone: "Europe/Berlin" }));
      expect(recording.values[0]!.time - berlin.values[0]!.time).toBe(3_600_000_000);
    },
  );
});
