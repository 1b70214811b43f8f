import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import { startServer } from "../e2e/running-site.ts";
import { quantile, reportMedian, type Report } from "./report.ts";

const RUNS = 3;
const FILES = 4;
const FILE_MB = 200;
const PIECE = Buffer.alloc(2 ** 20, "0123456789abcdef");
const BOUNDARY = "--------------------------doppelwerk";

/**
 * Four files of 200 MB come in at once as attachments, while somebody else reads an element again and again (bar: worst GET ≤ 250 ms, resident
 * memory at most 100 MB above that of the idle server). Baseline in the same run: the same GETs with nothing else to do.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-upload-"));
  const values = {
    quiet: [] as number[],
    worst: [] as number[],
    p99: [] as number[],
    rate: [] as number[],
    grown: [] as number[],
    peak: [] as number[],
  };
  try {
    for (let run = 0; run < RUNS; run++) {
      const server = await startServer(join(root, String(run)));
      const url = `${String(server.ready["url"]).replace(/\/$/, "")}/api/v3/submodels`;
      const elements = Array.from({ length: FILES }, (_, index) => ({ modelType: "File", idShort: `File${index}` }));
      const body = JSON.stringify({ modelType: "Submodel", id: "urn:upload", submodelElements: elements });
      await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
      const element = (index: number) => `${url}/${encodeId("urn:upload")}/submodel-elements/File${index}`;
      values.quiet.push((await readWhile(element(0), new Promise((resolve) => setTimeout(resolve, 3_000)))).at(-1)!);
      const idle = memoryMB(server.child.pid!, "VmRSS");
      const begun = performance.now();
      const uploads = Promise.all(elements.map((_, index) => upload(`${element(index)}/attachment`, index)));
      const times = await readWhile(element(0), uploads);
      values.rate.push((FILES * FILE_MB) / ((performance.now() - begun) / 1_000));
      values.worst.push(times.at(-1)!);
      values.p99.push(quantile(times, 0.99));
      const peak = memoryMB(server.child.pid!, "VmHWM");
      values.peak.push(peak);
      values.grown.push(peak - idle);
      await server.stop();
      rmSync(join(root, String(run)), { recursive: true });
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  reportMedian(report, "upload", "baseline: worst GET of an element, idle", "ms", values.quiet);
  reportMedian(report, "upload", `worst GET while ${FILES} files of ${FILE_MB} MB come in`, "ms", values.worst);
  reportMedian(report, "upload", "the same, p99", "ms", values.p99);
  reportMedian(report, "upload", "received and stored", "MB/s", values.rate);
  reportMedian(report, "upload", "highest resident memory", "MB", values.peak);
  reportMedian(report, "upload", "highest resident memory above idle", "MB", values.grown);
}

/** Sorted milliseconds of one GET after another until something has ended. */
export async function readWhile(url: string, ends: Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  let ended = false;
  const end = ends.finally(() => (ended = true));
  while (!ended) {
    const start = performance.now();
    await (await fetch(url)).arrayBuffer();
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await end;
  return times.sort((a, b) => a - b);
}

/** No two files are the same: their first bytes are their number. */
export async function upload(url: string, index: number): Promise<void> {
  const sending = request(url, { method: "PUT", headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` } });
  const answered = once(sending, "response");
  sending.write(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="f${index}.bin"\r\nContent-Type: application/zip\r\n\r\n${index}`,
  );
  for (let piece = 0; piece < FILE_MB; piece++) if (!sending.write(PIECE)) await once(sending, "drain");
  sending.end(`\r\n--${BOUNDARY}--\r\n`);
  const [response] = await answered;
  response.resume();
  if (response.statusCode !== 204) throw new Error(`an upload was answered ${response.statusCode}`);
}

export function memoryMB(pid: number, which: "VmRSS" | "VmHWM"): number {
  return Number(new RegExp(`^${which}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1_000;
}
