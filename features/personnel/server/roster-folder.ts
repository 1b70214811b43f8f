import { lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { delimiterOf, parseCsv } from "@doppelwerk/connectors/files";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import { FILE_KINDS, kindOfFile, NEEDED_COLUMNS, type FileKind, type FileRow } from "../model/read-files.ts";

const MAX_BYTES = 20_000_000;
const MAX_ROWS = 100_000;
const MAX_FILES = 5_000;
/** A file that was written so lately may be written still. */
const SETTLED_MS = 1_000;

export interface FoundFile {
  readonly name: string;
  readonly kind: FileKind;
  readonly stamp: string;
  readonly bytes: number;
}

/** Files of a folder that are another than when they were last read, people first, so that what names them comes behind. */
export function newFilesOf(folder: string, seen: Readonly<Record<string, string>>, now = Date.now()): readonly FoundFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry): readonly FoundFile[] => {
      const kind = entry.isFile() ? kindOfFile(entry.name) : undefined;
      if (kind === undefined) return [];
      const { size, mtimeMs } = lstatSync(join(folder, entry.name));
      const stamp = `${size}:${mtimeMs}`;
      return now - mtimeMs < SETTLED_MS || seen[entry.name] === stamp ? [] : [{ name: entry.name, kind, stamp, bytes: size }];
    })
    .toSorted((a, b) => FILE_KINDS.indexOf(a.kind) - FILE_KINDS.indexOf(b.kind) || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_FILES);
}

/** Errors: DW_INVALID with what is wrong with the file as a whole. */
export function rowsOfFile(folder: string, { name, kind, bytes }: FoundFile): readonly FileRow[] {
  if (bytes > MAX_BYTES) throw new DoppelwerkError("DW_INVALID", message("personnel.fault.tooLarge", { megabytes: MAX_BYTES / 1e6 }));
  const text = textOf(readFileSync(join(folder, name)));
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const [header = [], ...rows] = parseCsv(plain, delimiterOf(plain));
  const names = header.map((each) => each.trim().toLowerCase());
  const missing = NEEDED_COLUMNS[kind].filter((column) => !names.includes(column));
  if (missing.length > 0) throw new DoppelwerkError("DW_INVALID", message("personnel.fault.columns", { names: missing.join(", ") }));
  if (rows.length > MAX_ROWS) throw new DoppelwerkError("DW_INVALID", message("personnel.fault.tooManyRows", { max: MAX_ROWS }));
  return rows.map((cells, at) => ({
    line: at + 2,
    values: Object.fromEntries(names.map((column, index) => [column, cells[index] ?? ""])),
  }));
}

function textOf(octets: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    // a file that came half, or in another encoding
    throw new DoppelwerkError("DW_INVALID", message("personnel.fault.notUtf8"));
  }
}

/** Whether something outside of the folders that may be read exists is not answered either. */
export function folderWithin(path: string, allowed: readonly string[]): string {
  const refused = (): DoppelwerkError => new DoppelwerkError("DW_UNAVAILABLE", message("personnel.fault.folder", { path }));
  try {
    const real = realpathSync(path);
    const isInside = allowed.map((folder) => realpathSync(folder)).some((folder) => real === folder || real.startsWith(folder + sep));
    if (isInside && lstatSync(real).isDirectory()) return real;
  } catch {
    throw refused();
  }
  throw refused();
}
