import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { message, verbatim } from "@doppelwerk/messages";
import type { EventDamage } from "@doppelwerk/world";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { makeFolder } from "../files/make-folder.ts";
import { EventFile, type Extent, type FileMode } from "./event-file.ts";
import type { FileEntry } from "./event-reader.ts";

export const EVENTS_FORMAT = 1;
const MANIFEST = "manifest.json";
const HEAD = "head";
const FILE_NAME = /^events-\d{6,}\.sqlite$/;

/** Which files there are. Written when one is begun or removed, so that one that is missing is noticed. */
interface Manifest {
  readonly format: number;
  /** In the order they were filled. The last one is written to; what the others hold is known. */
  readonly files: readonly FileEntry[];
  /** Gaps that were found: events that had been recorded and are no more. */
  readonly lost: readonly { readonly file: string; readonly after: number; readonly until: number }[];
}

/** What a folder of events holds, as it was found. */
export interface EventCatalogue {
  readonly files: readonly FileEntry[];
  /** Listed, but not there or not readable. They stay listed, so that they are missed at every start. */
  readonly missing: readonly FileEntry[];
  readonly lost: Manifest["lost"];
  readonly damages: readonly EventDamage[];
  /** The arrival of the last event that was ever recorded. */
  readonly arrival: number;
}

/** Finds what there is, and what is missing. Errors: DW_FORMAT_NEWER. */
export function readCatalogue(directory: string, mode: FileMode = "write"): EventCatalogue {
  const damages: EventDamage[] = [];
  const manifest = readManifest(directory, damages);
  const head = readHead(directory);
  const listed = new Map(manifest.files.map((file) => [file.name, file]));
  const present = existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => FILE_NAME.test(name))
        .sort()
    : [];
  const files: FileEntry[] = [];
  const missing = manifest.files.filter(({ name }) => !present.includes(name));
  damages.push(...missing.map(({ name }) => ({ file: name, why: "the file is missing" })));
  let arrival = 0;
  for (const name of present) {
    const entry = listed.get(name);
    const isLast = name === manifest.files.at(-1)?.name;
    if (entry !== undefined && !isLast) {
      files.push(entry);
      continue;
    }
    try {
      const file = new EventFile(join(directory, name), mode, 256);
      const found = { extents: file.extents(), removed: file.about("removed") === 1, arrival: file.about("arrival") };
      file.close();
      // one that is not listed was being begun or removed; with events in it the list is what is wrong
      if (entry === undefined && (found.removed || found.extents.length === 0)) continue;
      files.push({ name, extents: found.extents });
      arrival = Math.max(arrival, found.arrival);
    } catch (error) {
      if (error instanceof DoppelwerkError && error.code === "DW_FORMAT_NEWER") throw error;
      damages.push({ file: name, why: (error as Error).message });
      missing.push(entry ?? { name, extents: [] });
    }
  }
  const last = manifest.files.at(-1)?.name;
  const lost = [...manifest.lost];
  if (last !== undefined && files.some(({ name }) => name === last) && head > arrival)
    lost.push({ file: last, after: arrival, until: head });
  for (const { file, after, until } of lost)
    damages.push({ file, why: `up to ${until - after} events that had been recorded are missing at the end of what the file held then` });
  return { files, missing, lost, damages, arrival: Math.max(arrival, head) };
}

export function writeManifest(directory: string, files: readonly FileEntry[], lost: Manifest["lost"]): void {
  const path = join(directory, MANIFEST);
  const file = openSync(`${path}.new`, "w");
  try {
    writeFileSync(file, `${JSON.stringify({ format: EVENTS_FORMAT, files, lost } satisfies Manifest)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  nodeFileLayer.fsyncDirectory(directory);
}

export function makeEventFolder(directory: string): void {
  makeFolder(directory);
}

export function fileName(number: number): string {
  return `events-${String(number).padStart(6, "0")}.sqlite`;
}

export function numberOf(name: string): number {
  return Number(/\d+/.exec(name)![0]);
}

function readManifest(directory: string, damages: EventDamage[]): Manifest {
  const path = join(directory, MANIFEST);
  const empty: Manifest = { format: EVENTS_FORMAT, files: [], lost: [] };
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw new DoppelwerkError("DW_UNAVAILABLE", verbatim(`${(error as Error).message}: ${path}`));
    if (readHead(directory) > 0) damages.push({ file: MANIFEST, why: "the list of the files is missing; those found are served" });
    return empty;
  }
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.format > EVENTS_FORMAT)
      throw new DoppelwerkError(
        "DW_FORMAT_NEWER",
        message("storage.eventsWrittenNewerDoppelwerkFormat", { format: manifest.format, path }),
      );
    if (!manifest.files.every(({ name }) => FILE_NAME.test(name))) throw new Error("it lists what is no file of events");
    return { ...manifest, lost: manifest.lost ?? [] };
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    damages.push({ file: MANIFEST, why: `the list of the files cannot be read (${(error as Error).message}); those found are served` });
    return empty;
  }
}

/** The last arrival, kept apart from the files: what SQLite drops of a damaged write-ahead log is noticed. Written after each group, without fsync. */
export class HeadFile {
  readonly #file: number;

  constructor(directory: string) {
    const path = join(directory, HEAD);
    this.#file = openSync(path, existsSync(path) ? "r+" : "w");
  }

  /** Events that are committed are recorded, whatever becomes of this: without room the head stays behind, and a loss is noticed up to there. */
  write(arrival: number): void {
    try {
      writeSync(this.#file, headText(arrival), 0);
    } catch {
      // to refuse the events now would deny what every reader finds
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

function headText(arrival: number): string {
  const number = String(arrival).padStart(16, "0");
  return `${number} ${String(crc32(number)).padStart(10, "0")}\n`;
}

/** 0 where there is none, or none that is whole. */
function readHead(directory: string): number {
  try {
    const text = readFileSync(join(directory, HEAD), "utf8");
    const arrival = Number(text.slice(0, 16));
    return text === headText(arrival) ? arrival : 0;
  } catch {
    return 0;
  }
}

export function widened(extents: readonly Extent[], added: ReadonlyMap<string, Extent>): readonly Extent[] {
  const result = new Map(extents.map((extent) => [extent.branch, extent]));
  for (const [branch, extent] of added) {
    const before = result.get(branch);
    result.set(branch, before === undefined ? extent : merged(before, extent));
  }
  return [...result.values()];
}

export function merged(a: Extent, b: Extent): Extent {
  return { branch: a.branch, first: Math.min(a.first, b.first), last: Math.max(a.last, b.last), events: a.events + b.events };
}
