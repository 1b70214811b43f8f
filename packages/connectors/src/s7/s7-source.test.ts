import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { isMessage, textOf, type Message } from "@doppelwerk/messages";
import { afterEach, describe, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { need } from "../../../../scripts/services.ts";
import { checkConnection } from "../protocols/protocols.ts";
import { createRecorder } from "../samples/recorder.ts";
import { sampleSourceContract } from "../samples/sample-source.contract.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { planReads } from "./read-plan.ts";
import { formatS7Address, parseS7Address, type S7Address } from "./s7-address.ts";
import { s7Connector } from "./s7-source.ts";
import { s7Value } from "./s7-value.ts";
import { startPlc, type TestPlc } from "./test-plc.ts";

const fast = { clock: wallClock, dataDir: "", graceMs: 300, retryMs: { first: 50, most: 200 } };
const connection = (port: number, settings: ConnectionRecord["settings"] = {}, query = "?rack=0&slot=2"): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "plant",
  protocol: "s7",
  url: `s7://127.0.0.1:${port}${query}`,
  enabled: true,
  settings: { intervalS: 0.02, timeoutMs: 500, ...settings },
});
const at = (text: string): S7Address => {
  const address = parseS7Address(text);
  if (isMessage(address)) throw new Error(textOf(address));
  return address;
};
const wide = (text: string, declared: number): Buffer => {
  const bytes = Buffer.alloc(4 + declared * 2);
  bytes.writeUInt16BE(declared, 0);
  bytes.writeUInt16BE(text.length, 2);
  Buffer.from(text, "utf16le").swap16().copy(bytes, 4);
  return bytes;
};
const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};

sampleSourceContract("S7", async () => {
  const blocks = { 1: 200 };
  const written = new Map<string, [Parameters<TestPlc["write"]>[0], number, number, Buffer]>();
  let plc = await startPlc(need("snap7"), blocks);
  const { port } = plc;
  const put = async (...what: [Parameters<TestPlc["write"]>[0], number, number, Buffer]): Promise<void> => {
    written.set(what.slice(0, 3).join(), what);
    await plc.write(...what);
  };
  await put("DB", 1, 0, double(1));
  await put("DB", 1, 20, wide("a", 20));
  const addresses: Readonly<Record<string, string>> = {
    number: "DB1.DBB0:LREAL",
    count: "MW10:INT",
    flag: "A0.3",
    word: "DB1.DBB20:WSTRING[20]",
    nowhere: "DB7.DBB0:LREAL",
  };
  return {
    polled: true,
    source: (signals) => s7Connector.open(connection(port), signals, fast),
    address: (name) => addresses[name]!,
    async set(name, value) {
      if (name === "number") await put("DB", 1, 0, double(value as number));
      if (name === "count") await put("M", 0, 10, Buffer.from([(value as number) >> 8, (value as number) & 0xff]));
      if (name === "flag") await put("Q", 0, 0, Buffer.from([value === true ? 8 : 0]));
      if (name === "word") await put("DB", 1, 20, wide(value as string, 20));
    },
    setWrongType: () => put("DB", 1, 0, double(Number.NaN)),
    vanish: () => plc.stop(),
    async comeBack() {
      plc = await startPlc(need("snap7"), blocks, port);
      for (const what of written.values()) await plc.write(...what);
    },
    stop: () => plc.stop(),
  };
});

describe("S7", () => {
  let stops: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  const signals = (addresses: readonly string[], valueType: SignalRecord["valueType"] = "double"): SignalRecord[] =>
    addresses.map((address, n) => ({ id: `signal:${n}`, kind: "signal", name: address, valueType, address }));

  async function open(port: number, list: readonly SignalRecord[], settings: ConnectionRecord["settings"] = {}) {
    const source = s7Connector.open(connection(port, settings), list, fast);
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    return recorder;
  }

  async function plcWith(dbs: Readonly<Record<number, number>>): Promise<TestPlc> {
    const plc = await startPlc(need("snap7"), dbs);
    stops.push(() => plc.stop());
    return plc;
  }

  async function listen(serve: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      serve(socket);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    stops.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as { port: number }).port;
  }

  test("[C140] an address is read as STEP 7 writes it, in English and German, and written in one way", () => {
    const same: readonly (readonly [string, string])[] = [
      ["%DB1.DBD4:REAL", "DB1.DBD4:REAL"],
      ["db1.dbx0.3", "DB1.DBX0.3"],
      ["E0.1", "I0.1"],
      ["aw4:int", "QW4:INT"],
      ["MB7", "MB7:BYTE"],
      ["M7.0", "M7.0"],
      ["DB10.DBB0:LREAL", "DB10.DBB0:LREAL"],
      ["DB10.DBB0:STRING(20)", "DB10.DBB0:STRING[20]"],
      ["DB10.DBB0:WSTRING[2]", "DB10.DBB0:WSTRING[2]"],
      ["DB10.DBB0:STRING[2]", "DB10.DBB0:STRING[2]"],
      ["DB10.DBB0:DT", "DB10.DBB0:DATE_AND_TIME"],
      ["MD8:TOD", "MD8:TIME_OF_DAY"],
    ];
    for (const [typed, kept] of same) {
      expect(formatS7Address(at(typed))).toBe(kept);
      expect(at(kept)).toEqual(at(typed));
    }
    for (const [wrong, why] of [
      ["", "not an S7 address"],
      ["DB1,REAL0", "not an S7 address"],
      ["DB0.DBW0", "1 to 65535"],
      ["DB1.DBX0", "a bit is 0 to 7"],
      ["DB1.DBX0.8", "a bit is 0 to 7"],
      ["DB1.DBW0.1", "only a bit"],
      ["DB1.DBW0:REAL", "REAL takes 4 bytes: DBD0:REAL"],
      ["DB1.DBX0.0:INT", "a bit is a BOOL"],
      ["DB1.DBB0:STRING", "a text has its declared length"],
      ["DB1.DBB0:STRING[255]", "1 to 254"],
      ["DB1.DBW0:FLOAT", "a type is BOOL"],
      ["MD65534", "ends beyond"],
      ["__proto__", "not an S7 address"],
    ] as const)
      expect(textOf(parseS7Address(wrong) as Message)).toContain(why);
  });

  test("[C141] every type is the value that the PLC holds; bytes that mean none are no value", () => {
    const hex = (type: string, text: string) => s7Value(at(`DB1.${type}`), Buffer.from(text.replaceAll(" ", ""), "hex"), 0);
    expect([hex("DBX0.2", "04"), hex("DBX0.1", "04"), hex("DBB0", "ff"), hex("DBB0:SINT", "fe"), hex("DBB0:CHAR", "41")]).toEqual([
      true,
      false,
      255,
      -2,
      "A",
    ]);
    expect([hex("DBW0", "ffff"), hex("DBW0:INT", "fff9"), hex("DBD0:UDINT", "ee6b2800"), hex("DBD0:DINT", "ffffffff")]).toEqual([
      65_535, -7, 4_000_000_000, -1,
    ]);
    expect([hex("DBB0:LINT", "fffffffed5fa0e00"), hex("DBB0:ULINT", "ffffffffffffffff")]).toEqual([-5_000_000_000n, 2n ** 64n - 1n]);
    expect([hex("DBD0:REAL", "3dcccccd"), hex("DBB0:LREAL", "400921fb54442d18")]).toEqual([0.1, Math.PI]);
    expect([hex("DBD0:TIME", "000003e8"), hex("DBW0:S5TIME", "1127"), hex("DBW0:S5TIME", "112a")]).toEqual([1000, 12_700, undefined]);
    expect([hex("DBW0:DATE", "0000"), hex("DBD0:TOD", "05265bff"), hex("DBD0:TOD", "ffffffff")]).toEqual([
      "1990-01-01",
      "23:59:59.999",
      undefined,
    ]);
    expect(hex("DBB0:DT", "26 11 24 10 42 00 12 33")).toBe("2026-11-24T10:42:00.123");
    expect(hex("DBB0:DT", "95 02 28 23 59 59 00 01")).toBe("1995-02-28T23:59:59");
    expect([hex("DBB0:DT", "26 02 30 00 00 00 00 00"), hex("DBB0:DT", "ff ff ff ff ff ff ff ff")]).toEqual([undefined, undefined]);
    expect(hex("DBB0:DTL", "07ea 0b 18 03 0a 2a 00 075bcd15")).toBe("2026-11-24T10:42:00.123456789");
    expect([hex("DBB0:DTL", "0000 00 00 00 00 00 00 00000000"), hex("DBB0:DTL", "07ea 0d 18 03 0a 2a 00 00000000")]).toEqual([
      undefined,
      undefined,
    ]);
    expect(hex("DBB0:LDT", "18 1d 6b 5a 5e 3c 00 00".replaceAll(" ", ""))).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
    expect([
      hex("DBB0:STRING[4]", "04 03 67 72 fc ff"),
      hex("DBB0:STRING[4]", "04 05 00 00 00 00"),
      hex("DBB0:STRING[4]", "ff ff 00 00 00 00"),
    ]).toEqual(["grü", undefined, undefined]);
    expect([hex("DBB0:WSTRING[2]", "0002 0001 7eff 0000"), hex("DBB0:WSTRING[2]", "0000 0000 0000 0000")]).toEqual(["绿", ""]);
  });

  test("[C142] reads are few: blocks within the agreed message, over gaps that are allowed, no value torn", () => {
    const plan = (texts: readonly string[], most = 222, gap = 16) =>
      planReads(
        texts.map((text, index) => ({ index, address: at(text) })),
        most,
        gap,
      ).map(({ area, db, start, length }) => `${area}${db}:${start}+${length}`);
    expect(plan(["DB1.DBD0:REAL", "DB1.DBX20.0", "DB1.DBW60", "DB2.DBW0", "M0.0", "I3.1"])).toEqual([
      "DB1:0+21",
      "DB1:60+2",
      "DB2:0+2",
      "M0:0+1",
      "I0:3+1",
    ]);
    expect(plan(["DB1.DBB0:LREAL", "DB1.DBB8:LREAL"], 15)).toEqual(["DB1:0+8", "DB1:8+8"]);
    expect(plan(Array.from({ length: 1000 }, (_, n) => `DB1.DBD${n * 4}:REAL`))).toHaveLength(19);
  });

  test("[C143] values of all areas come from a PLC by another hand: long texts in pieces, short messages, a thousand addresses", async () => {
    const plc = await plcWith({ 1: 8_000, 2: 600 });
    const long = "0123456789".repeat(25);
    await plc.write("DB", 2, 0, Buffer.concat([Buffer.from([254, long.length]), Buffer.from(long)]));
    await plc.write("I", 0, 3, Buffer.from([0b10]));
    await plc.write("Q", 0, 4, Buffer.from([0xff, 0xf9]));
    const reals = Buffer.alloc(4_000);
    for (let n = 0; n < 1_000; n++) reals.writeFloatBE(n / 8, n * 4);
    await plc.write("DB", 1, 0, reals);
    const list: SignalRecord[] = [
      ...signals(Array.from({ length: 1_000 }, (_, n) => `DB1.DBD${n * 4}:REAL`)),
      { id: "signal:long", kind: "signal", name: "long", valueType: "string", address: "DB2.DBB0:STRING[254]" },
      { id: "signal:input", kind: "signal", name: "input", valueType: "boolean", address: "E3.1" },
      { id: "signal:output", kind: "signal", name: "output", valueType: "integer", address: "AW4:INT" },
    ];
    for (const pduBytes of [960, 240, 112]) {
      const recorder = await open(plc.port, list, { pduBytes });
      await recorder.until(() => list.every((_, n) => recorder.of(n).length > 0), "all of them");
      expect(list.slice(0, 1_000).map((_, n) => recorder.of(n)[0]!.value)).toEqual(Array.from({ length: 1_000 }, (_, n) => n / 8));
      expect([recorder.of(1_000)[0]!.text, recorder.of(1_001)[0]!.value, recorder.of(1_002)[0]!.value]).toEqual([long, 1, -7]);
    }
  });

  test("[C144] a block that is missing, too short or gone for a while is told, and the others go on", async () => {
    const plc = await plcWith({ 1: 100, 2: 10 });
    await plc.write("DB", 1, 0, double(5));
    await plc.write("DB", 2, 0, double(6));
    const recorder = await open(plc.port, signals(["DB1.DBB0:LREAL", "DB1.DBB96:LREAL", "DB9.DBB0:LREAL", "DB2.DBB0:LREAL", "nonsense"]), {
      maxGapBytes: 100,
    });
    await recorder.until(() => [0, 1, 2, 3, 4].every((n) => recorder.of(n).length > 0), "all five");
    expect([0, 1, 2, 3, 4].map((n) => recorder.of(n)[0]!.quality)).toEqual([
      quality.good,
      quality.bad,
      quality.bad,
      quality.good,
      quality.bad,
    ]);
    const told = recorder.notices
      .flatMap((notice) => (notice.kind === "finding" ? [`${notice.address}: ${notice.message}`] : []))
      .join("\n");
    expect(told).toContain("DB1.DBB96:LREAL: the address lies beyond the end of the area");
    expect(told).toMatch(/DB9\.DBB0:LREAL: .*Optimized block access/);
    expect(told).toContain("nonsense: not an S7 address");
    await plc.removeBlock(2);
    await recorder.until(() => recorder.of(3).at(-1)!.quality === quality.bad, "the block is gone");
    await plc.addBlock(2, 10);
    await plc.write("DB", 2, 0, double(7));
    await recorder.until(() => recorder.of(3).at(-1)!.value === 7, "the block is back");
    expect(recorder.states()).not.toContain("reconnecting");
  });

  test("[C145] a PLC that is silent, refuses, permits no access from outside or speaks no S7 is one clear reason, and asked again", async () => {
    const confirm = Buffer.from("0300001611d00001000100c0010ac1020100c2020301".slice(0, 44), "hex");
    const packet = (tpdu: string): Buffer => {
      const bytes = Buffer.from(`03000000${tpdu}`, "hex");
      bytes.writeUInt16BE(bytes.length, 2);
      return bytes;
    };
    const cases: readonly (readonly [string, (frame: Buffer, nth: number) => Buffer | undefined])[] = [
      ["no answer in 500 ms", () => undefined],
      ["an answer that is no S7", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
      ["the PLC refuses the connection: rack, slot or TSAP is another one", () => packet("06800001000000")],
      ["an answer that is no S7", (_, nth) => (nth === 0 ? confirm : packet("02f08033030000000100080000"))],
      [
        "permit “PUT/GET communication” in its protection settings",
        (frame, nth) => {
          if (nth === 0) return confirm;
          const answer = packet("02f080320300000000000000008104");
          frame.copy(answer, 11, 11, 13);
          return answer;
        },
      ],
    ];
    for (const [reason, answer] of cases) {
      const port = await listen((socket) => {
        let nth = 0;
        socket.on("data", (frame: Buffer) => {
          const bytes = answer(frame, nth++);
          if (bytes === undefined) return;
          // in two pieces, as networks do
          socket.write(bytes.subarray(0, 3));
          setTimeout(() => socket.writable && socket.write(bytes.subarray(3)), 2);
        });
      });
      const recorder = await open(port, signals(["MW0"]));
      await recorder.until(
        () => recorder.notices.some((notice) => notice.kind === "state" && notice.reason?.includes(reason) === true),
        reason,
      );
    }
  });

  test("[C146] fuzz: whatever bytes answer, the client neither throws nor tells a value that was not sent", async () => {
    const begun = Number(process.env["FUZZ_SEED"] ?? 20_261_125);
    let seed = begun;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const plc = await plcWith({ 1: 100 });
    await plc.write("DB", 1, 0, double(5));
    // between client and PLC: every answer has a byte changed, cut or put in
    const port = await listen((socket) => {
      const through = connect({ host: "127.0.0.1", port: plc.port });
      through.on("error", () => socket.destroy());
      socket.pipe(through);
      socket.on("close", () => through.destroy());
      through.on("data", (bytes: Buffer) => {
        const copy = Buffer.from(bytes);
        // the eight bytes of the value itself carry no check and may be anything
        const place = random(Math.max(1, copy.length > 30 ? 25 : copy.length));
        if (random(3) > 0) copy[place] = random(256);
        socket.write(random(12) === 0 ? copy.subarray(0, place) : copy);
      });
    });
    const source = s7Connector.open(connection(port, { timeoutMs: 50 }), signals(["DB1.DBB0:LREAL"]), {
      ...fast,
      retryMs: { first: 1, most: 5 },
    });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    await recorder.until(() => recorder.states().filter((state) => state === "reconnecting").length >= 20, "20 losses");
    const wrong = recorder.of(0).filter(({ value, quality: worth }) => worth === quality.good && value !== 5);
    expect(wrong, `seed ${begun}`).toEqual([]);
  });

  test("[C147] the symbol table is the proposal, each line tried once; addresses and settings that are wrong are one line", async () => {
    const plc = await plcWith({ 1: 100 });
    await plc.write("DB", 1, 4, Buffer.from([0xff, 0x29]));
    const symbols = [
      { name: "Temperatur", address: "%DB1.DBW4:INT", scale: 0.1, unit: "Cel" },
      { name: "Band läuft", address: "E0.1" },
      { name: "Fort", address: "DB9.DBW0" },
    ];
    const found = await s7Connector.discover(connection(plc.port, { symbols }), { dataDir: "" });
    expect(found.drafts).toMatchObject([
      { name: "Temperatur", address: "DB1.DBW4:INT", valueType: "double", scale: 0.1, unit: "Cel", example: "-215" },
      { name: "Band läuft", address: "I0.1", valueType: "boolean", example: "false" },
      { name: "Fort", address: "DB9.DBW0:WORD", valueType: "integer" },
    ]);
    expect(found.remarks?.map(textOf).join()).toContain("Fort: no such block");
    const none = await s7Connector.discover(connection(plc.port), { dataDir: "" });
    expect(textOf(none.remarks![0]!)).toContain("settings.symbols");
    const check = (settings: ConnectionRecord["settings"]) => () => checkConnection(connection(1, settings));
    expect(check({ symbols: [{ name: "a", address: "DB1,REAL0" }] })).toThrow(/symbols\.0\.address: not an S7 address/);
    expect(check({ remoteTsap: "3" })).toThrow(/a TSAP is two bytes/);
    for (const query of ["?rack=8", "?slot=x", "?plc=1", "/path"])
      await expect(s7Connector.discover(connection(plc.port, {}, query), { dataDir: "" })).rejects.toThrow(
        /the rack is|the slot is|S7 address/,
      );
  });
});
