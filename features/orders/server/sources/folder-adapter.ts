import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { delimiterOf, parseCsv } from "@doppelwerk/connectors/files";
import { DoppelwerkError, message, textOf, z, type Message } from "@doppelwerk/kit";
import { reasonOf } from "@doppelwerk/world";
import type {} from "../../message-codes.ts";
import { readDocument } from "../../model/b2mml/document.ts";
import { messagesOfSchedule } from "../../model/b2mml/schedule.ts";
import { readMessage } from "../../model/field-map.ts";
import type { FolderSource } from "../../model/source-kind.ts";
import type { Adapter, Batch, ReadRow } from "./adapter.ts";

const MAX_BYTES = 20_000_000;
const MAX_ROWS = 100_000;
/** Reasons that are written beside a bad file. */
const MAX_REASONS = 100;
const MAX_SEEN = 20_000;
/** A file that was written so lately may be written still. */
const SETTLED_MS = 1_000;

const Seen = z.record(z.string(), z.string());

/** One file at a time, by name. It is taken whole or not at all. */
export class FolderAdapter implements Adapter {
  readonly #source: FolderSource;
  readonly #folder: string;

  /** Errors: DW_UNAVAILABLE where the folder is not there, or not one that the server may read. */
  constructor(source: FolderSource, allowed: readonly string[]) {
    this.#source = source;
    this.#folder = folderWithin(source.path, allowed);
    if (!source.leaveFiles) for (const name of ["done", "bad"]) mkdirSync(join(this.#folder, name), { recursive: true });
  }

  async poll(position: string | undefined): Promise<Batch> {
    const { leaveFiles, prefix } = this.#source;
    const seen = leaveFiles && position !== undefined ? Seen.parse(JSON.parse(position)) : {};
    const files = readdirSync(this.#folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.startsWith(prefix) && /^[^.].*\.(csv|xml|json)$/i.test(entry.name))
      .map(({ name }) => ({ name, ...stateOf(join(this.#folder, name)) }))
      .filter(({ name, stamp, isSettled }) => isSettled && seen[name] !== stamp)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const [next, ...others] = files;
    if (next === undefined) return { rows: [], position, hasMore: false };
    const { rows, faults } = this.#read(next.name, next.bytes);
    const isBad = faults.length > 0;
    return {
      rows: isBad ? faults : rows,
      position: leaveFiles ? JSON.stringify(withNewest(seen, next.name, next.stamp)) : position,
      hasMore: others.length > 0,
      ...(!leaveFiles && { settle: () => this.#move(next.name, isBad ? faults : undefined) }),
    };
  }

  async close(): Promise<void> {}

  #read(name: string, bytes: number): { readonly rows: readonly ReadRow[]; readonly faults: readonly ReadRow[] } {
    const bad = (fault: Message, where = name) => ({ rows: [], faults: [{ where, read: { fault } }] });
    if (bytes > MAX_BYTES) return bad(message("orders.b2mml.tooLarge", { megabytes: MAX_BYTES / 1e6 }));
    let rows: readonly ReadRow[];
    try {
      const octets = readFileSync(join(this.#folder, name));
      const text = new TextDecoder("utf-8", { fatal: true }).decode(octets);
      rows = this.#rowsOf(name, text, createHash("sha256").update(octets).digest("hex").slice(0, 16));
    } catch (error) {
      return bad(error instanceof TypeError ? message("orders.fault.notUtf8") : reasonOf(error));
    }
    const faults = rows.filter(({ read }) => "fault" in read);
    return { rows, faults: rows.length === 0 ? bad(message("orders.fault.emptyFile")).faults : faults };
  }

  #rowsOf(name: string, text: string, hash: string): readonly ReadRow[] {
    const { fields } = this.#source;
    const plain = text.trimStart();
    const numbered = (where: string, at: number, read: ReadRow["read"]): ReadRow => ({
      where: `${name}, ${where}`,
      read: "message" in read ? { message: { message: `${hash}:${at}`, ...read.message } } : read,
    });
    if (plain.startsWith("<") || plain.startsWith("{")) {
      const { name: document, contents, verb } = readDocument(text);
      if (document !== "OperationsSchedule") throw new DoppelwerkError("DW_INVALID", message("orders.fault.noOrdersIn", { document }));
      return contents
        .flatMap((content) => messagesOfSchedule(content, verb))
        .map((each, at) =>
          numbered(each.where, at, "message" in each ? each : { fault: message("orders.fault.missingIn", { field: each.missing }) }),
        );
    }
    const rows = plain.startsWith("[") ? jsonRows(text) : csvRows(text);
    if (rows.length > MAX_ROWS) throw new DoppelwerkError("DW_INVALID", message("orders.fault.tooManyRows", { max: MAX_ROWS }));
    return rows.map(({ row, where }, at) => numbered(where, at, readMessage(row, fields)));
  }

  /** A name that is taken already gets a number; why a file is bad stands beside it. */
  #move(name: string, faults: readonly ReadRow[] | undefined): void {
    const target = join(this.#folder, faults === undefined ? "done" : "bad");
    let own = name;
    for (let number = 2; isThere(join(target, own)); number++) own = name.replace(/(\.[^.]+)$/, `-${number}$1`);
    if (faults !== undefined) {
      const lines = faults.slice(0, MAX_REASONS).map(({ where, read }) => `${where}: ${"fault" in read ? textOf(read.fault) : ""}`);
      writeFileSync(join(target, `${own}.reason.txt`), `${lines.join("\n")}\n`, { flush: true });
    }
    renameSync(join(this.#folder, name), join(target, own));
  }
}

interface Row {
  readonly row: unknown;
  readonly where: string;
}

function jsonRows(text: string): readonly Row[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("orders.b2mml.noJson", { reason: (error as Error).message.slice(0, 200) }));
  }
  return (value as readonly unknown[]).map((row, at) => ({ row, where: `#${at + 1}` }));
}

function csvRows(text: string): readonly Row[] {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const [header = [], ...rows] = parseCsv(plain, delimiterOf(plain));
  const names = header.map((name) => name.trim());
  return rows.map((cells, at) => ({
    row: Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ""])),
    where: String(at + 2),
  }));
}

function stateOf(path: string): { readonly stamp: string; readonly bytes: number; readonly isSettled: boolean } {
  const { size, mtimeMs } = lstatSync(path);
  return { stamp: `${size}:${mtimeMs}`, bytes: size, isSettled: Date.now() - mtimeMs >= SETTLED_MS };
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function withNewest(seen: Readonly<Record<string, string>>, name: string, stamp: string): Readonly<Record<string, string>> {
  const { [name]: _, ...others } = seen;
  return Object.fromEntries([...Object.entries(others), [name, stamp]].slice(-MAX_SEEN));
}

/** Whether something outside of the folders that may be read exists is not answered either. */
function folderWithin(path: string, allowed: readonly string[]): string {
  const refused = (): DoppelwerkError => new DoppelwerkError("DW_UNAVAILABLE", message("orders.fault.folder", { path }));
  try {
    const real = realpathSync(path);
    const isInside = allowed.map((folder) => realpathSync(folder)).some((folder) => real === folder || real.startsWith(folder + sep));
    if (isInside && lstatSync(real).isDirectory()) return real;
  } catch {
    throw refused();
  }
  throw refused();
}
