import { createServer, type AddressInfo } from "node:net";
import { DoppelwerkError } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { eventLogOf } from "./event-log/read-log.ts";
import { delimiterOf, parseCsv } from "./files/csv.ts";
import { connectModbus } from "./modbus/modbus-client.ts";
import { boundaryOf, partsOf } from "./mtconnect/multipart.ts";
import { descendants, parseDocument } from "./mtconnect/xml-node.ts";

// Files and answers of machines, mutated, spliced and random: read, or refused with a reason; never without end, and never another kind of failure.

const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const rounds = process.env["SOAK"] === undefined ? 400 : 50_000;
console.info(`seed of the fuzz of machines and their files: ${seed} (FUZZ_SEED), ${rounds} rounds`);

let state = seed >>> 0;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const pick = <T>(all: readonly T[]): T => all[random(all.length)]!;

function mutated(text: string, splices: readonly string[]): string {
  let changed = text;
  for (let n = 1 + random(5); n > 0; n--) {
    const at = random(changed.length + 1);
    const kind = random(4);
    if (kind === 0) changed = changed.slice(0, at) + changed.slice(at + random(40));
    else if (kind === 1) changed = changed.slice(0, at) + pick(splices) + changed.slice(at);
    else if (kind === 2) changed = changed.slice(0, at) + changed.slice(random(at + 1), at) + changed.slice(at);
    else changed = changed.slice(0, at) + String.fromCodePoint(random(0x3000)) + changed.slice(at + 1);
  }
  return changed.slice(0, 50_000);
}

function refusesOrReads<T>(given: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    // a bug of the reader has a name of its own
    if (error instanceof DoppelwerkError || (error as Error).constructor === Error) return undefined;
    throw new Error(`seed ${seed}: ${JSON.stringify(given).slice(0, 2_000)}`, { cause: error });
  }
}

const LOG =
  'case,activity,time,resource\nA,Saw,2026-01-01T08:00:00,M1\nA,"Drill, deep",2026-01-01T08:10:00,M2\nB,Saw,2026-01-01T08:05:00,M1\n';
const XES = `<?xml version="1.0"?><log><trace><string key="concept:name" value="A"/><event><string key="concept:name" value="Saw"/><date key="time:timestamp" value="2026-01-01T08:00:00.000Z"/></event></trace></log>`;
const TABLE_SPLICES = [
  '"',
  '""',
  ",",
  ";",
  "\t",
  "\r",
  "\n",
  "\r\n",
  "\u0000",
  "\ufeff",
  "__proto__",
  "constructor",
  "=1+1",
  "9".repeat(400),
  '"'.repeat(999),
];
const XML_SPLICES = [
  "<",
  ">",
  "</log>",
  "<a>".repeat(300),
  "<!DOCTYPE x [<!ENTITY e 'x'>]>",
  "&e;",
  "&lt;",
  "<![CDATA[",
  "]]>",
  "<!--",
  "<__proto__>",
  '="',
  "\u0000",
  "<?x ?>",
];

test("[C111] fuzz: rows and event logs of any bytes are read or refused, quickly", () => {
  for (let n = 0; n < rounds; n++) {
    const table = mutated(LOG, TABLE_SPLICES);
    for (const delimiter of [",", ";", "\t", "|"]) {
      const rows = refusesOrReads(table, () => parseCsv(table, delimiter));
      expect(rows, `seed ${seed}: ${JSON.stringify(table)}`).toBeDefined();
    }
    refusesOrReads(table, () => delimiterOf(table));
    refusesOrReads(table, () => eventLogOf(table));
    const xes = mutated(XES, XML_SPLICES);
    refusesOrReads(xes, () => eventLogOf(xes));
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("[C94] fuzz: answers of an agent that are no XML, without end or around one another are refused; no entity is resolved", async () => {
  const answer = `<MTConnectStreams><Header instanceId="1" nextSequence="7"/><Streams><DeviceStream name="m" uuid="u"><ComponentStream component="Axes"><Samples><Position dataItemId="x" timestamp="2026-01-01T08:00:00Z" sequence="6">1.5</Position></Samples></ComponentStream></DeviceStream></Streams></MTConnectStreams>`;
  for (let n = 0; n < rounds; n++) {
    const text = mutated(answer, XML_SPLICES);
    const root = refusesOrReads(text, () => parseDocument(text));
    if (root !== undefined) refusesOrReads(text, () => [...descendants(root, "Position")].map(({ attributes }) => attributes["sequence"]));
  }
  const deep = "<a>".repeat(100_000) + "</a>".repeat(100_000);
  refusesOrReads("deep", () => parseDocument(deep));
  const part = `--b\r\nContent-type: text/xml\r\nContent-length: ${answer.length}\r\n\r\n${answer}\r\n`;
  for (let n = 0; n < rounds; n++) {
    const stream = Buffer.from(mutated(part + part, ["--b", "\r\n\r\n", "Content-length: 9999999999", "Content-length: -1", "\u0000"]));
    async function* chunks(): AsyncGenerator<Buffer> {
      for (let at = 0; at < stream.length;) {
        const size = 1 + random(200);
        yield stream.subarray(at, at + size);
        at += size;
      }
    }
    try {
      for await (const text of partsOf(chunks(), "b", 10_000)) expect(text.length).toBeLessThanOrEqual(10_000);
    } catch (error) {
      expect((error as Error).constructor, `seed ${seed}: ${(error as Error).stack}`).toBe(Error);
    }
    boundaryOf(mutated('multipart/x-mixed-replace;boundary="b"', [";", '"', "boundary=", " ".repeat(500)]));
  }
});

test("[C73] fuzz: a device that answers anything ends the connection or the question, and is never waited for longer than was said", async () => {
  const answers: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (asked: Buffer) => {
      const frame = Buffer.from([asked[0]!, asked[1]!, 0, 0, 0, 7, 1, 3, 4, 0, 1, 0, 2]);
      for (let n = random(4); n > 0; n--) frame[random(frame.length)] = random(256);
      const sent = pick([
        frame,
        frame.subarray(0, random(frame.length)),
        Buffer.concat([frame, frame]),
        Buffer.alloc(random(2_000), random(256)),
      ]);
      answers.push(sent);
      socket.write(sent);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    for (let n = 0; n < 60; n++) {
      const client = await connectModbus("127.0.0.1", port, 100);
      try {
        expect(await client.read(1, "holding", 0, 2)).toHaveLength(4);
      } catch (error) {
        expect(error, `seed ${seed}: ${answers.at(-1)?.toString("hex").slice(0, 200)}`).toBeInstanceOf(DoppelwerkError);
      }
      client.close();
    }
  } finally {
    server.close();
  }
});
