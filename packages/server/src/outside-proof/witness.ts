import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { nodeFileLayer } from "@doppelwerk/storage/files";
import { createLogHash, newSigningKey, signingKeyOf, verifyEd25519 } from "@doppelwerk/storage/tile-log";
import {
  judgeCheckpoint,
  keyText,
  parseCheckpoint,
  parseKeyText,
  parseNote,
  signatureLine,
  signedNote,
  verifyNote,
  type Cosigned,
  type NoteKey,
  type SignBytes,
} from "@doppelwerk/trust/log";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writePrivateFile, writeSecretFile } from "../accounts/private-file.ts";
import { TRANSPARENCY } from "../transparency/folder.ts";

const NAME = `${TRANSPARENCY}/witness.json`;
const VERSION = 1;
const MAX_LOGS = 1_000;

export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: string;
  readonly body: string;
}

/** What a witness keeps of a log: the largest checkpoint that it cosigned, with the lines of the log and its own. */
interface Kept {
  readonly version: typeof VERSION;
  readonly note: string;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface WitnessedLog {
  readonly key: string;
  readonly origin: string;
  /** Entries of the checkpoint that was cosigned last; absent for none. */
  readonly size?: number;
  readonly at?: number;
}

const partsOf = (data: string) => ({
  file: join(data, TRANSPARENCY, "witness.json"),
  kept: join(data, TRANSPARENCY, "witnessed"),
});

/**
 * Cosigns checkpoints of logs that it knows (C2SP tlog-witness, tlog-cosignature), each only where the log grew from what it cosigned before. What it cosigned is
 * durable before it answers, and read again from the disk each time: after a crash it knows at least as much as anybody was answered.
 */
export class Witness {
  readonly key: NoteKey;
  readonly #data: string;
  readonly #sign: SignBytes;
  readonly #privateKey: string;
  readonly #nowS: () => number;
  #logs: readonly NoteKey[];

  private constructor(data: string, stored: StoredWitness, nowS: () => number) {
    const { key, sign } = signingKeyOf(stored.name, stored.privateKey);
    this.key = { ...key, kind: "cosignature" };
    this.#data = data;
    this.#sign = sign;
    this.#privateKey = stored.privateKey;
    this.#logs = stored.logs;
    this.#nowS = nowS;
  }

  /** Undefined where the folder is of no witness. Errors: DW_DAMAGED, DW_FORMAT_NEWER, DW_FORBIDDEN (sealed by a key that is not given). */
  static open(data: string, nowS: () => number = () => Math.floor(Date.now() / 1_000)): Witness | undefined {
    const { file } = partsOf(data);
    return existsSync(file) ? new Witness(data, readWitness(file), nowS) : undefined;
  }

  /** Makes the key where there is none. Errors: those of `open`, DW_UNAVAILABLE. */
  static make(data: string): Witness {
    const known = Witness.open(data);
    if (known !== undefined) return known;
    mkdirSync(join(data, TRANSPARENCY), { recursive: true, mode: 0o700 });
    const stored: StoredWitness = {
      name: `doppelwerk.witness/${randomBytes(8).toString("hex")}`,
      privateKey: newSigningKey(),
      logs: [],
    };
    writeWitness(partsOf(data).file, stored);
    return new Witness(data, stored, () => Math.floor(Date.now() / 1_000));
  }

  get keyText(): string {
    return keyText(this.key);
  }

  /** The logs that it cosigns, with how far. Errors: DW_DAMAGED. */
  list(): readonly WitnessedLog[] {
    return this.#logs.map((log) => {
      const { size, at } = this.#cosignedOf(log.name) ?? {};
      return { key: keyText(log), origin: log.name, ...(size !== undefined && { size }), ...(at !== undefined && { at }) };
    });
  }

  /** Errors: DW_INVALID for a text that is no key of a log, DW_CONFLICT for a name that another key has, DW_UNAVAILABLE. */
  addLog(text: string): void {
    const key = parseKeyText(text);
    if (key?.kind !== "signature") throw new DoppelwerkError("DW_INVALID", message("proof.witnessNoLogKey", { key: text.slice(0, 200) }));
    const same = this.#logs.find(({ name }) => name === key.name);
    if (same !== undefined && keyText(same) === text) return;
    // two logs of one name would be one: what one of them has cosigned refuses the other for good
    if (same !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("proof.witnessNameTaken", { origin: key.name }));
    if (this.#logs.length >= MAX_LOGS) throw new DoppelwerkError("DW_CONFLICT", message("proof.witnessTooManyLogs", { max: MAX_LOGS }));
    this.#keepLogs([...this.#logs, key]);
  }

  /** What it cosigned of the log stays known: added again it is cosigned from there. Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  removeLog(origin: string): void {
    const left = this.#logs.filter(({ name }) => name !== origin);
    if (left.length === this.#logs.length)
      throw new DoppelwerkError("DW_NOT_FOUND", message("proof.witnessNoLog", { origin: origin.slice(0, 200) }));
    this.#keepLogs(left);
  }

  /** Only for a log that was set back by a restore: from then on another history of it can be cosigned too. */
  forgetCheckpoint(origin: string): void {
    rmSync(this.#pathOf(origin), { force: true });
  }

  /** `add-checkpoint`. In one turn, so that nothing comes between comparing and keeping. Errors: DW_UNAVAILABLE, DW_DAMAGED; nothing is signed then. */
  addCheckpoint(body: string): WitnessAnswer {
    const verdict = judgeCheckpoint(createLogHash(), body, this.#logs, (origin) => this.#cosignedOf(origin), verifyEd25519);
    if (verdict.status === 409) return { status: 409, contentType: "text/x.tlog.size", body: `${verdict.size}\n` };
    if (verdict.status !== 200) return { status: verdict.status, contentType: "text/plain; charset=utf-8", body: `${verdict.why}\n` };
    const { checkpoint, text } = verdict;
    const at = this.#nowS();
    const line = signatureLine(text, this.key, this.#sign, at);
    // signed again at a later time: what is kept of it is the same
    if (checkpoint.size !== this.#cosignedOf(checkpoint.origin)?.size)
      this.#keep(checkpoint.origin, {
        version: VERSION,
        note: signedNote(text, [this.#lineOfLog(body, checkpoint.origin), line]),
        at,
      });
    return { status: 200, contentType: "text/plain; charset=utf-8", body: `${line}\n` };
  }

  /** The last checkpoint that it cosigned of a log; `hash` is the SHA-256 of its origin, hex. Errors: DW_DAMAGED. */
  checkpoint(hash: string): string | undefined {
    return /^[0-9a-f]{64}$/.test(hash) ? this.#read(join(partsOf(this.#data).kept, `${hash}.json`))?.note : undefined;
  }

  #cosignedOf(origin: string): (Cosigned & { readonly at: number }) | undefined {
    const path = this.#pathOf(origin);
    const kept = this.#read(path);
    if (kept === undefined) return undefined;
    const checkpoint = parseCheckpoint(parseNote(kept.note)!.text)!;
    if (checkpoint.origin !== origin) throw unreadable(path, "it is of another log");
    return { size: checkpoint.size, root: checkpoint.root, at: kept.at };
  }

  #pathOf(origin: string): string {
    return join(partsOf(this.#data).kept, `${createHash("sha256").update(origin).digest("hex")}.json`);
  }

  /** Who cannot read what it cosigned does not cosign: it could be a fork. */
  #read(path: string): Kept | undefined {
    if (!existsSync(path)) return undefined;
    try {
      const kept = JSON.parse(readFileSync(path, "utf8")) as Kept;
      const note = parseNote(kept.note)!;
      // its own line: nobody else wrote the file
      const isWhole =
        kept.version === VERSION &&
        Number.isSafeInteger(kept.at) &&
        parseCheckpoint(note.text) !== undefined &&
        verifyNote(note, [this.key], verifyEd25519)?.length === 1;
      if (!isWhole) throw new Error("its members");
      return kept;
    } catch (error) {
      throw unreadable(path, (error as Error).message);
    }
  }

  #keep(origin: string, kept: Kept): void {
    const { kept: folder } = partsOf(this.#data);
    if (!existsSync(folder)) {
      mkdirSync(folder, { mode: 0o700 });
      nodeFileLayer.fsyncDirectory(join(this.#data, TRANSPARENCY));
    }
    writePrivateFile(this.#pathOf(origin), JSON.stringify(kept));
  }

  #lineOfLog(body: string, origin: string): string {
    const lines = body.slice(body.lastIndexOf("\n\n") + 2).split("\n");
    return lines.find((line) => {
      const note = parseNote(signedNote(body.slice(body.indexOf("\n\n") + 2, body.lastIndexOf("\n\n") + 1), [line]));
      return (
        note !== undefined &&
        verifyNote(
          note,
          this.#logs.filter(({ name }) => name === origin),
          verifyEd25519,
        )?.length === 1
      );
    })!;
  }

  #keepLogs(logs: readonly NoteKey[]): void {
    writeWitness(partsOf(this.#data).file, { name: this.key.name, privateKey: this.#privateKey, logs });
    this.#logs = logs;
  }
}

function unreadable(path: string, reason: string): DoppelwerkError {
  return new DoppelwerkError("DW_DAMAGED", message("proof.witnessedUnreadable", { path, reason }));
}

interface StoredWitness {
  readonly name: string;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
  readonly logs: readonly NoteKey[];
}

function writeWitness(path: string, { name, privateKey, logs }: StoredWitness): void {
  writeSecretFile(path, NAME, JSON.stringify({ version: VERSION, name, privateKey, logs: logs.map(keyText) }, undefined, 1));
}

function readWitness(path: string): StoredWitness {
  try {
    const { version, name, privateKey, logs } = JSON.parse(readSecretFile(path, NAME)) as {
      readonly version: number;
      readonly name: string;
      readonly privateKey: string;
      readonly logs: readonly string[];
    };
    if (version > VERSION) throw new DoppelwerkError("DW_FORMAT_NEWER", message("proof.witnessNewer", { path }));
    const keys = logs.map(parseKeyText);
    if (version !== VERSION || !/^[^\s+]+$/u.test(name) || keys.includes(undefined)) throw new Error("its members");
    return { name, privateKey, logs: keys as readonly NoteKey[] };
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("proof.witnessUnreadable", { path, reason: (error as Error).message }));
  }
}
