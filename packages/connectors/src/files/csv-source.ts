import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { message } from "@doppelwerk/messages";
import type { SignalRecord } from "@doppelwerk/world";
import type { BrowseResult } from "@doppelwerk/world";
import { DraftCollector } from "../discovery/draft-collector.ts";
import type { Connector } from "../host/connector.ts";
import { createPolledSource, type Poller } from "../samples/polled-source.ts";
import type { ValueIntake } from "../samples/value-intake.ts";
import { delimiterOf, parseCsv } from "./csv.ts";
import { textOf } from "./file-text.ts";
import { csvSettings, type CsvSettings } from "./settings.ts";
import { indexByAddress, TableLayout } from "./table-layout.ts";

/** A folder where others drop CSV files: each row is read once, also of files that grow. A signal's address is its column, or its key. */
export const csvConnector: Connector = {
  open(connection, signals, options) {
    const settings = csvSettings.parse(connection.settings ?? {});
    const folder = fileURLToPath(connection.url);
    const marks = new Marks(join(options.dataDir, "csv", `${createHash("sha256").update(connection.id).digest("hex").slice(0, 32)}.json`));
    return createPolledSource({
      ...options,
      connection,
      signals,
      onChange: false,
      intervalS: settings.scanS,
      connect: async () => new FolderPoller(folder, marks, signals, settings),
    });
  },
  async discover({ url, settings: raw }): Promise<BrowseResult> {
    const settings = csvSettings.parse(raw ?? {});
    const folder = fileURLToPath(url);
    const collector = new DraftCollector(10_000);
    const files = await listed(folder, settings);
    if (files.length === 0) collector.remark(message("connectors.noFileOfPattern", { pattern: settings.pattern }));
    for (const { name } of files.slice(-3)) {
      const rows = parse(await bytesOf(join(folder, name), 0, Math.min(settings.maxFileBytes, 262_144)), settings);
      const layout = new TableLayout(rows[0] ?? [], settings);
      if (layout.fault !== undefined) collector.remark(message("connectors.ofName", { name, reason: layout.fault }));
      else layout.propose(rows.slice(1, 1_000), collector);
    }
    return collector.result(url);
  },
};

interface Mark {
  /** Bytes read, all lines whole. */
  readonly offset: number;
  readonly header: string;
  /** Of the file when it was read last. */
  readonly mtimeMs?: number;
  /** Of the last bytes that were read: another file under the same name has others there, however long it is. */
  readonly tail?: string;
}

const TAIL_BYTES = 1_024;
/** A growing file that stood still for so long ends as its writer ends files. */
const STILL_MS = 60_000;

const MARKS_MAX = 20_000;

/** How far each file was read, kept over restarts. */
class Marks {
  readonly #path: string;
  readonly #marks: Map<string, Mark>;

  constructor(path: string) {
    this.#path = path;
    this.#marks = new Map(readMarks(path));
  }

  get(name: string): Mark | undefined {
    return this.#marks.get(name);
  }

  forget(name: string): void {
    this.#marks.delete(name);
  }

  set(name: string, mark: Mark): void {
    this.#marks.delete(name);
    this.#marks.set(name, mark);
    if (this.#marks.size > MARKS_MAX) this.#marks.delete(this.#marks.keys().next().value!);
    mkdirSync(join(this.#path, ".."), { recursive: true });
    writeFileSync(`${this.#path}.new`, JSON.stringify([...this.#marks]));
    renameSync(`${this.#path}.new`, this.#path);
  }
}

function readMarks(path: string): readonly (readonly [string, Mark])[] {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as (readonly [string, Mark])[];
  } catch {
    // none yet, or torn by a power loss: files are read again, and what was read twice is one sample
    return [];
  }
}

class FolderPoller implements Poller {
  readonly #folder: string;
  readonly #marks: Marks;
  readonly #signals: readonly SignalRecord[];
  readonly #settings: CsvSettings;
  readonly #byAddress: ReadonlyMap<string, readonly number[]>;
  readonly #sizes = new Map<string, number>();

  constructor(folder: string, marks: Marks, signals: readonly SignalRecord[], settings: CsvSettings) {
    this.#folder = folder;
    this.#marks = marks;
    this.#signals = signals;
    this.#settings = settings;
    this.#byAddress = indexByAddress(signals);
  }

  async poll(intake: ValueIntake, stop: AbortSignal): Promise<void> {
    for (const { name, size, mtimeMs } of await listed(this.#folder, this.#settings)) {
      if (stop.aborted) return;
      const before = this.#sizes.get(name);
      this.#sizes.set(name, size);
      const mark = this.#marks.get(name);
      // a file that is still being copied changes its size between two looks
      if (mark === undefined && (size === 0 || before !== size)) continue;
      if (mark !== undefined && size === mark.offset && mtimeMs === (mark.mtimeMs ?? mtimeMs)) continue;
      if (size > this.#settings.maxFileBytes) {
        intake.finding(undefined, message("connectors.fileTooLarge", { maxBytes: this.#settings.maxFileBytes, name }));
        continue;
      }
      const grown = mark !== undefined && (await holdsStill(join(this.#folder, name), size, mark)) ? mark : undefined;
      // another file of this name, which may still be being copied: it is looked at again as a new one
      if (grown === undefined && mark !== undefined) this.#marks.forget(name);
      else await this.#read(name, size, mtimeMs, grown, intake);
    }
  }

  async close(): Promise<void> {}

  async #read(name: string, size: number, mtimeMs: number, grown: Mark | undefined, intake: ValueIntake): Promise<void> {
    const offset = grown?.offset ?? 0;
    const from = Math.max(0, offset - TAIL_BYTES);
    const known = offset - from;
    const read = await bytesOf(join(this.#folder, name), from, size - from);
    const bytes = read.subarray(known);
    // the last line of a growing file may be half; of a whole file that does not end with a line end it is whole
    const settled = grown === undefined || Date.now() - mtimeMs > STILL_MS;
    const whole = settled ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
    if (whole === 0 && mtimeMs === grown?.mtimeMs) return;
    const rows = parse(bytes.subarray(0, whole), this.#settings, grown?.header);
    const header = grown?.header ?? JSON.stringify(rows.shift() ?? []);
    const layout = new TableLayout(JSON.parse(header) as string[], this.#settings);
    if (layout.fault === undefined) await this.#take(rows, layout, mtimeMs, intake);
    else intake.finding(undefined, message("connectors.fileUnreadable", { name, reason: layout.fault }));
    // after the rows were taken: what a process that dies had on its way is read again, and twice is one sample
    this.#marks.set(name, { offset: offset + whole, header, mtimeMs, tail: tailOf(read.subarray(0, known + whole)) });
  }

  async #take(rows: readonly (readonly string[])[], layout: TableLayout, mtimeMs: number, intake: ValueIntake): Promise<void> {
    for (const row of rows) {
      for (const { key, text, time } of layout.values(row)) {
        for (const index of this.#byAddress.get(key) ?? []) {
          const at = time ?? Math.floor(mtimeMs * 1000);
          intake.value(index, { raw: layout.raw(text, this.#signals[index]!.valueType), time: at === "missing" ? 0 : at, past: true });
        }
      }
      if (intake.full) {
        intake.flush();
        await intake.room();
      }
    }
    await intake.taken();
  }
}

/** Whether the file is the one that was read up to the mark, and not another of its name: shorter, as long, or longer by now. */
async function holdsStill(path: string, size: number, { offset, tail }: Mark): Promise<boolean> {
  if (size < offset) return false;
  const from = Math.max(0, offset - TAIL_BYTES);
  return tail === undefined || tail === tailOf(await bytesOf(path, from, offset - from));
}

const tailOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes.subarray(-TAIL_BYTES)).digest("base64url");

/** Files of the pattern, oldest first. Rejects when the folder cannot be read. */
async function listed(
  folder: string,
  { pattern }: CsvSettings,
): Promise<{ readonly name: string; readonly size: number; readonly mtimeMs: number }[]> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile() && fits(entry.name, pattern));
  const files = [];
  for (const { name } of names) {
    const found = await stat(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      // taken away or moved since the folder was listed
      if (error.code !== "ENOENT") throw error;
      return undefined;
    });
    if (found !== undefined) files.push({ name, size: found.size, mtimeMs: found.mtimeMs });
  }
  return files.toSorted((a, b) => a.mtimeMs - b.mtimeMs || a.name.localeCompare(b.name));
}

/** `*` is any part; no regular expression, so that no pattern can be slow. */
export function fits(name: string, pattern: string): boolean {
  const parts = pattern.toLowerCase().split("*");
  const own = name.toLowerCase();
  if (parts.length === 1) return own === parts[0];
  if (!own.startsWith(parts[0]!) || !own.endsWith(parts.at(-1)!)) return false;
  let at = parts[0]!.length;
  for (const part of parts.slice(1, -1)) {
    const found = own.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= own.length - parts.at(-1)!.length;
}

async function bytesOf(path: string, offset: number, length: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function parse(bytes: Uint8Array, { delimiter }: CsvSettings, header?: string): string[][] {
  const text = textOf(bytes).replace(/^\uFEFF/, "");
  if (delimiter !== undefined || header === undefined) return parseCsv(text, delimiter ?? delimiterOf(text));
  // a piece of a file has no header: the delimiter is the one that gives as many columns
  const columns = (JSON.parse(header) as string[]).length;
  const fitting = [",", ";", "\t", "|"].find((each) => parseCsv(text.slice(0, 10_000), each)[0]?.length === columns);
  return parseCsv(text, fitting ?? ",");
}
