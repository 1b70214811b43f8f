import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DoppelwerkError } from "@doppelwerk/world";
import { checksumOf, EventFile, keysFrom, type EventRow } from "./event-file.ts";
import { readCatalogue } from "./manifest.ts";

export interface EventFinding {
  readonly file: string;
  readonly message: string;
}

export interface VerifiedEvents {
  readonly files: number;
  readonly events: number;
  /** Empty = intact: every file is there and whole, every event is as it was recorded and is found by its keys. */
  readonly findings: readonly EventFinding[];
}

/** Findings of one file; more say nothing new. */
const MAX_FINDINGS = 20;

/** Checks the events of a folder that no process has open, and changes nothing. Never throws for what it finds. */
export function verifyEvents(directory: string): VerifiedEvents {
  const before = besides(directory);
  try {
    const { files, damages } = readCatalogue(directory, "untouched");
    const findings: EventFinding[] = damages.map(({ file, why }) => ({ file, message: why }));
    let events = 0;
    for (const { name } of files) {
      const found = verifyFile(directory, name);
      events += found.events;
      findings.push(...found.findings.slice(0, MAX_FINDINGS).map((message) => ({ file: name, message })));
    }
    return { files: files.length, events, findings };
  } catch (error) {
    if (!(error instanceof DoppelwerkError)) throw error;
    return { files: 0, events: 0, findings: [{ file: "manifest.json", message: error.message }] };
  } finally {
    for (const path of besides(directory).keys()) if (!before.has(path)) rmSync(path, { force: true });
    for (const [path, bytes] of before) if (bytes !== undefined) writeFileSync(path, bytes);
  }
}

function verifyFile(directory: string, name: string): { readonly events: number; readonly findings: readonly string[] } {
  let file: EventFile | undefined;
  let events = 0;
  const findings: string[] = [];
  try {
    file = new EventFile(join(directory, name), "untouched", 16_384);
    const integrity = file.statement("PRAGMA integrity_check(10)").all() as unknown as readonly { readonly integrity_check: string }[];
    for (const { integrity_check } of integrity) if (integrity_check !== "ok") findings.push(integrity_check);
    const counted = new Map<number, number>();
    let [keys, last] = [0, 0];
    for (const row of file.statement("SELECT * FROM events ORDER BY arrival").iterate() as Iterable<unknown>) {
      const checked = verifyRow(file, row as EventRow);
      if (checked.finding !== undefined) findings.push(checked.finding);
      keys += checked.keys;
      events++;
      last = (row as EventRow).arrival;
      counted.set((row as EventRow).branch, (counted.get((row as EventRow).branch) ?? 0) + 1);
    }
    const kept = Number(file.statement("SELECT count(*) AS count FROM event_keys").get()!["count"]);
    if (kept !== keys) findings.push(`its index of keys holds ${kept} entries, its events have ${keys}`);
    if (last > file.about("arrival")) findings.push(`it holds event ${last}, and says that ${file.about("arrival")} was the last`);
    for (const { branch, events: told } of file.extents()) {
      const held = counted.get(file.idOf(branch) ?? -1) ?? 0;
      if (held !== told) findings.push(`it holds ${held} events of the branch ${branch}, and says ${told}`);
    }
  } catch (error) {
    findings.push((error as Error).message);
  }
  file?.close();
  return { events, findings };
}

function verifyRow(file: EventFile, row: EventRow): { readonly keys: number; readonly finding?: string } {
  const where = `event ${row.arrival} (${row.id})`;
  try {
    if (checksumOf(file.eventOf(row), row.keys) !== row.checksum)
      return { keys: 0, finding: `${where} was altered: its checksum is another` };
    const keys = keysFrom(row.keys);
    const lookUp = file.statement("SELECT 1 FROM event_keys WHERE branch = ? AND name = ? AND value = ? AND at = ? AND arrival = ?");
    const lost = keys.find(({ name, value }) => lookUp.get(row.branch, file.idOf(name) ?? -1, value, row.at, row.arrival) === undefined);
    return { keys: keys.length, ...(lost && { finding: `${where} is not found by its key ${lost.name}` }) };
  } catch (error) {
    return { keys: 0, finding: `${where} cannot be read: ${(error as Error).message}` };
  }
}

/** Files that SQLite makes beside those of a folder; what it shares between processes (shm) with its bytes, since reading alone writes there. */
function besides(directory: string): ReadonlyMap<string, Uint8Array | undefined> {
  const names = existsSync(directory) ? readdirSync(directory).filter((name) => /-(wal|shm)$/.test(name)) : [];
  const paths = names.map((name) => join(directory, name));
  return new Map(paths.map((path) => [path, path.endsWith("-shm") ? readFileSync(path) : undefined]));
}
