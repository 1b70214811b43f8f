import { closeSync, existsSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { startProgram, type Program } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = 5;
const RUN_MS = 3_000;
const SIGNALS = 1_000;
/** Bytes of a sample in memory, as the baseline writes them. */
const ROW_BYTES = 29;
const LOADS = [
  { name: "1 sender × 100", senders: 1, rows: 100 },
  { name: "16 senders × 100", senders: 16, rows: 100 },
  { name: "4 senders × 5,000", senders: 4, rows: 5_000 },
] as const;

interface Candidate {
  readonly name: string;
  readonly program: Program;
  readonly url: string;
  readonly id: string;
}

interface Measured {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly answerMs: number;
}

/**
 * Samples pushed over HTTP to a server process, each request answered when it is on disk: samples a second, processor time of the server a sample, and how
 * long an answer takes. In turn with it: one process that appends the same rows as 29 bytes each to a file and syncs after every request (what one sender
 * may have at most where nothing is shared), and with `--before=DIR` the server of another checkout.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-push-"));
  const before = process.argv.find((argument) => argument.startsWith("--before="))?.slice("--before=".length);
  const candidates: Candidate[] = [];
  try {
    candidates.push(await start("durable", join(import.meta.dirname, ".."), join(root, "now")));
    if (before !== undefined) candidates.push(await start("before", before, join(root, "before")));
    for (const load of LOADS) {
      const values = new Map<string, Measured[]>();
      const raw: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        for (const candidate of run % 2 === 0 ? candidates : candidates.toReversed()) {
          const measured = await push(candidate, load);
          values.set(candidate.name, [...(values.get(candidate.name) ?? []), measured]);
        }
        raw.push(rawAppends(join(root, "raw"), load.rows));
      }
      for (const [name, runs] of values) {
        const of = (key: keyof Measured) => runs.map((run) => run[key]);
        reportMedian(report, "push", `${load.name}, ${name}`, "samples/s", of("perSecond"));
        reportMedian(report, "push", `${load.name}, ${name}, server`, "CPU µs/sample", of("cpuMicroseconds"));
        reportMedian(report, "push", `${load.name}, ${name}, answer`, "ms", of("answerMs"));
      }
      reportMedian(report, "push", `${load.name}, bare appends, a sync each`, "samples/s", raw);
      const [durable, old] = [values.get("durable")!, values.get("before")];
      if (old !== undefined)
        reportMedian(
          report,
          "push",
          `${load.name}, CPU before ÷ durable`,
          "",
          durable.map(({ cpuMicroseconds }, run) => old[run]!.cpuMicroseconds / cpuMicroseconds),
        );
    }
  } finally {
    for (const { program } of candidates) await program.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

async function start(name: string, checkout: string, data: string): Promise<Candidate> {
  // earlier checkouts have it in the server's own room
  const path = ["apps/doppelwerk/src/main.ts", "packages/server/src/main.ts"].find((candidate) => existsSync(join(checkout, candidate)));
  if (path === undefined) throw new Error(`no Doppelwerk: ${checkout}`);
  const main = relative(join(import.meta.dirname, ".."), join(checkout, path));
  const program = await startProgram(main, ["serve", "--data", data, "--port", "0", "--json", "--no-open"]);
  const url = String(program.ready["url"]);
  await send(url, "PUT", "/secrets/push", { token: "t" });
  const signals = Array.from({ length: SIGNALS }, (_, n) => ({ address: `s${n}`, valueType: "double" }));
  const answer = await send(url, "POST", "/connections", {
    url: "push:bench",
    name: "bench",
    protocol: "push",
    secret: "push",
    settings: { signals },
  });
  return { name, program, url, id: ((await answer.json()) as { readonly id: string }).id };
}

async function send(url: string, method: string, path: string, body: object | string): Promise<Response> {
  const answer = await fetch(`${url}/api/doppelwerk/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: "Bearer t" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function push({ url, id, program }: Candidate, load: (typeof LOADS)[number]): Promise<Measured> {
  const path = `/connections/${encodeURIComponent(id)}/samples`;
  const begin = performance.now();
  const cpu = cpuSeconds(program);
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: load.senders }, async (_, sender) => {
      for (let n = 0; performance.now() - begin < RUN_MS; n++) {
        const time = Date.now() * 1_000;
        const values = Array.from({ length: load.rows }, (_row, row) => ({
          address: `s${(sender * 61 + row) % SIGNALS}`,
          value: Math.round(1_000 * Math.sin(n + row)) / 100,
          time: time + row,
        }));
        const body = JSON.stringify({ judged: true, values });
        const asked = performance.now();
        await (await send(url, "POST", path, body)).arrayBuffer();
        times.push(performance.now() - asked);
      }
    }),
  );
  const samples = times.length * load.rows;
  const seconds = (performance.now() - begin) / 1_000;
  times.sort((a, b) => a - b);
  return {
    perSecond: samples / seconds,
    cpuMicroseconds: ((cpuSeconds(program) - cpu) * 1e6) / samples,
    answerMs: times[times.length >> 1]!,
  };
}

function rawAppends(path: string, rows: number): number {
  const bytes = new Uint8Array(rows * ROW_BYTES);
  const file = openSync(path, "a");
  try {
    const begin = performance.now();
    let appends = 0;
    for (; performance.now() - begin < RUN_MS / 3; appends++) {
      writeSync(file, bytes);
      fdatasyncSync(file);
    }
    return (appends * rows) / ((performance.now() - begin) / 1_000);
  } finally {
    closeSync(file);
  }
}

/** Of the whole process, its threads included. */
function cpuSeconds({ child }: Program): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
