import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { gunzipSync, inflateSync } from "node:zlib";
import { readDataFormat } from "@doppelwerk/storage/files";
import { isSealed, openedFromDisk } from "@doppelwerk/storage/sealing";
import { openUntouched, walProblem } from "@doppelwerk/storage/sqlite";

/** What looking at one file found. */
export interface FileVerdict {
  readonly problem?: string;
  /** What of it no checksum covers: a change there is not noticed. */
  readonly uncovered?: string;
  /** Worth a line, no damage. */
  readonly notice?: string;
}

/** A longer file is no secret. */
const MAX_SEALED_BYTES = 64 << 20;
const FORM_ONLY = "it has no checksum: that it can be read was checked, not what it says";
/** Parts that are checked as a whole: the change log, the history, the record cache, other worlds. What is known of backups is of no world. */
const ELSEWHERE =
  /^(backup\/|worlds\/|changes\/|changes\.checkpoint\.json$|history\/|events\/|packs\/|transparency\/log\/|records\.sqlite)/;

/** Every file of a data folder that no other check reads, by its path in the folder. */
export function verifyFiles(directory: string, scratch: string): ReadonlyMap<string, FileVerdict> {
  const verdicts = new Map<string, FileVerdict>();
  for (const path of filesOf(directory)) {
    const name = relative(directory, path).replaceAll("\\", "/");
    if (ELSEWHERE.test(name)) continue;
    try {
      verdicts.set(name, sealedVerdict(name, path) ?? checkOf(name)(path, scratch));
    } catch (error) {
      verdicts.set(name, { problem: `it cannot be read: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
  return verdicts;
}

/** A seal is a checksum too. Undefined for what is not sealed. */
function sealedVerdict(name: string, path: string): FileVerdict | undefined {
  if (statSync(path).size > MAX_SEALED_BYTES) return undefined;
  const text = readFileSync(path, "utf8");
  if (!isSealed(text)) return undefined;
  // a file that grows is sealed by lines; others are one
  for (const each of name.endsWith(".jsonl") ? text.split("\n").filter(isSealed) : [text]) openedFromDisk(name, each);
  return {};
}

type Check = (path: string, scratch: string) => FileVerdict;

/** The first that fits; what none fits is not checked. */
const checks: readonly (readonly [RegExp, Check])[] = [
  [/^format\.json$/, checkFormat],
  [/^blobs\.sqlite$/, checkBlobs],
  [/^blobs-files\/staged-/, () => ({ notice: "what was coming in when the process ended; nothing reads it" })],
  [/^blobs-files\/[0-9a-f]{64}$/, checkLargeBlob],
  [/\.sqlite$/, checkDatabase],
  [/\.sqlite-wal$/, checkWal],
  [/\.sqlite-shm$/, () => ({ uncovered: "SQLite makes it anew" })],
  [/\.(new|next)$/, () => ({ notice: "what a killed process had not finished writing; nothing reads it" })],
  [/^signing\/key\.pem$/, checkKey],
  [/^signing\/certificates\.pem$/, checkCertificates],
  [/\.json$/, checkJson],
  [/\.jsonl$/, checkLines],
  [/\.gz$/, (path) => checkPacked(gunzipSync(readFileSync(path)))],
  [/\.(checkpoint|fold)$/, (path) => checkPacked(inflateSync(readFileSync(path)))],
];

function checkOf(name: string): Check {
  return checks.find(([pattern]) => pattern.test(name))?.[1] ?? (() => ({ uncovered: "it was not checked: its format is not known here" }));
}

function filesOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function checkFormat(path: string): FileVerdict {
  readDataFormat(dirname(path));
  return { uncovered: FORM_ONLY };
}

function checkJson(path: string): FileVerdict {
  JSON.parse(readText(path));
  return { uncovered: FORM_ONLY };
}

/** Of gzip and zlib, which have checksums of their own. */
function checkPacked(content: Buffer): FileVerdict {
  JSON.parse(content.toString());
  return { uncovered: "the header of its compression (time and system)" };
}

function checkLines(path: string): FileVerdict {
  const text = readText(path);
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  whole
    .split("\n")
    .slice(0, -1)
    .forEach((line, at) => {
      try {
        JSON.parse(line);
      } catch {
        throw new Error(`line ${at + 1} is no JSON`);
      }
    });
  return {
    uncovered: FORM_ONLY,
    ...(whole.length < text.length ? { notice: "its last line was cut short by a crash; it is left out" } : {}),
  };
}

function checkWal(path: string): FileVerdict {
  const problem = walProblem(path);
  return problem === undefined ? { uncovered: "what an earlier use of it left behind its end" } : { problem };
}

function checkDatabase(path: string, scratch: string): FileVerdict {
  return withDatabase(path, scratch, () => ({ uncovered: "it has no checksums: its structure was checked, not its values" }));
}

function checkBlobs(path: string, scratch: string): FileVerdict {
  return withDatabase(path, scratch, (database) => {
    for (const row of database.prepare("SELECT hash, bytes FROM blobs").iterate())
      if (
        createHash("sha256")
          .update(row["bytes"] as Uint8Array)
          .digest("hex") !== row["hash"]
      )
        return { problem: `the content of ${String(row["hash"])} is another` };
    const missing = largeBlobsOf(database).find((hash) => !existsSync(join(dirname(path), "blobs-files", hash)));
    if (missing !== undefined) return { problem: `the file of ${missing} is missing in blobs-files` };
    return { uncovered: "content types of the files, and unused bytes between them" };
  });
}

/** Named in the table, kept as files; folders of before have no such table. */
function largeBlobsOf(database: DatabaseSync): readonly string[] {
  if (database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'files'").get() === undefined) return [];
  return database
    .prepare("SELECT hash FROM files ORDER BY hash")
    .all()
    .map((row) => String(row["hash"]));
}

function checkLargeBlob(path: string): FileVerdict {
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
  return hash === basename(path) ? {} : { problem: `the content of ${basename(path)} is another` };
}

function withDatabase(path: string, scratch: string, check: (database: DatabaseSync) => FileVerdict): FileVerdict {
  const database = openUntouched(path, scratch);
  try {
    const integrity = String(database.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"]);
    return integrity === "ok" ? check(database) : { problem: integrity.split("\n")[0]! };
  } finally {
    database.close();
  }
}

function checkKey(path: string): FileVerdict {
  const key = createPrivateKey(readFileSync(path));
  const [leaf] = certificatesIn(join(dirname(path), "certificates.pem"));
  if (leaf !== undefined && !leaf.checkPrivateKey(key)) return { problem: "it is not the key of the certificate beside it" };
  return { uncovered: "text around the key" };
}

function checkCertificates(path: string): FileVerdict {
  const certificates = certificatesIn(path);
  if (certificates.length === 0) return { problem: "it holds no certificate" };
  for (const certificate of certificates)
    if (certificate.checkIssued(certificate) && !certificate.verify(certificate.publicKey))
      return { problem: "a certificate does not match its own signature" };
  return { uncovered: "certificates that others signed, and text around them" };
}

function certificatesIn(path: string): readonly X509Certificate[] {
  const blocks = readText(path).match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** Bytes that are no UTF-8 are damage of a text. */
function readText(path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof TypeError) throw new Error(`it is no text: ${basename(path)}`, { cause: error });
    throw error;
  }
}
