import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { encodeId, writeAasx, type Environment } from "@doppelwerk/aas";
import { startServer } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";
import { memoryMB, readWhile, upload } from "./upload.ts";

const RUNS = 3;
const FILES = 4;
const FILE_MB = 200;
const AASX = "application/asset-administration-shell-package+xml";
/** Elements of the world whose JSON is served. */
const [SUBMODELS, ELEMENTS] = [2_000, 50];

interface Measured {
  readonly worst: number[];
  readonly grown: number[];
  readonly seconds: number[];
}

/**
 * What is large comes in as imports and goes out as files, as a package and as JSON, while somebody else reads an element again and again: the worst GET and
 * the resident memory above that before.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-transfers-"));
  const names = ["imports of packages", "downloads of files", "packages with the files", "JSON of the world"] as const;
  const measured = new Map(names.map((name) => [name, { worst: [], grown: [], seconds: [] } as Measured]));
  try {
    for (let run = 0; run < RUNS; run++) await once(join(root, String(run)), (name) => measured.get(name as (typeof names)[number])!);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  for (const [name, { worst, grown, seconds }] of measured) {
    reportMedian(report, "transfers", `${name}: worst GET meanwhile`, "ms", worst);
    reportMedian(report, "transfers", `${name}: resident memory above before`, "MB", grown);
    reportMedian(report, "transfers", `${name}: in`, "s", seconds);
  }
}

async function once(folder: string, measuredOf: (name: string) => Measured): Promise<void> {
  const server = await startServer(folder);
  const pid = server.child.pid!;
  const origin = String(server.ready["url"]).replace(/\/$/, "");
  const submodels = `${origin}/api/v3/submodels`;
  const elements = Array.from({ length: FILES }, (_, index) => ({ modelType: "File", idShort: `File${index}` }));
  await post(submodels, JSON.stringify({ modelType: "Submodel", id: "urn:upload", submodelElements: elements }), "application/json");
  const element = (index: number) => `${submodels}/${encodeId("urn:upload")}/submodel-elements/File${index}`;
  const watched = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const { worst, grown, seconds } = measuredOf(name);
    // the highest resident memory counts from here
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
    const [before, begun] = [memoryMB(pid, "VmRSS"), performance.now()];
    worst.push((await readWhile(element(0), work())).at(-1)!);
    seconds.push((performance.now() - begun) / 1_000);
    grown.push(memoryMB(pid, "VmHWM") - before);
  };
  const four = (work: (index: number) => Promise<unknown>) => Promise.all(elements.map((_, index) => work(index)));
  const packages = elements.map((_, index) => packageOf(index));
  await watched("imports of packages", () =>
    four((index) => post(`${origin}/api/doppelwerk/v1/import?name=p${index}.aasx`, packages[index]!, "application/octet-stream")),
  );
  await four((index) => upload(`${element(index)}/attachment`, index));
  await watched("downloads of files", () => four((index) => drain(`${element(index)}/attachment`, "*/*")));
  await watched("packages with the files", () =>
    drain(`${origin}/api/v3/serialization?submodelIds=${encodeId("urn:upload")}&includeConceptDescriptions=false`, AASX),
  );
  await post(`${origin}/api/doppelwerk/v1/import?name=world.json`, worldOf(), "application/octet-stream");
  await watched("JSON of the world", () => drain(`${origin}/api/v3/serialization`, "application/json"));
  await server.stop();
  rmSync(folder, { recursive: true });
}

function packageOf(index: number): Uint8Array {
  const [piece, bytes] = [randomBytes(2 ** 20), Buffer.alloc(FILE_MB * 2 ** 20)];
  for (let at = 0; at < bytes.length; at += piece.length) piece.copy(bytes, at);
  bytes.writeUInt32LE(index);
  const value = `/aasx/files/${index}.zip`;
  const environment: Environment = {
    submodels: [
      {
        modelType: "Submodel",
        id: `urn:packed:${index}`,
        submodelElements: [{ modelType: "File", idShort: "file", contentType: "application/zip", value }],
      },
    ],
  };
  return writeAasx(environment, new Map([[value, { contentType: "application/zip", bytes }]]));
}

function worldOf(): Uint8Array {
  const element = (i: number, j: number) => ({ modelType: "Property", idShort: `p${j}`, valueType: "xs:int", value: `${i}` });
  const submodels = Array.from({ length: SUBMODELS }, (_, i) => ({
    modelType: "Submodel",
    id: `urn:world:${i}`,
    submodelElements: Array.from({ length: ELEMENTS }, (_unused, j) => element(i, j)),
  }));
  return new TextEncoder().encode(JSON.stringify({ submodels }));
}

async function post(url: string, body: string | Uint8Array, type: string): Promise<void> {
  const response = await fetch(url, { method: "POST", body: body as Uint8Array<ArrayBuffer>, headers: { "content-type": type } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}

async function drain(url: string, accept: string): Promise<void> {
  const response = await fetch(url, { headers: { accept } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  for await (const _piece of response.body!);
}
