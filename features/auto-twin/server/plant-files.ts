import { Worker } from "node:worker_threads";
import { isAssetInterfaces, readAssetInterfaces } from "@doppelwerk/connectors/interfaces";
import { DoppelwerkError, answeredOffer, message as messageOf, textOf, type Message } from "@doppelwerk/kit";
import type { Importer, ReadFile } from "@doppelwerk/ports";
import type { IdSource, Principal } from "@doppelwerk/world";
import type { PlantFileOffer } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { ChosenColumns } from "@doppelwerk/connectors/event-log";
import type { PlantFile } from "./plant-file.ts";
import type { FromPlantFileWorker } from "./plant-file-worker.ts";

/** A file that was looked into and waits for what its person wants of it. */
export interface HeldFile {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly file: PlantFile;
  /** Of documents. */
  readonly read?: ReadFile;
}

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_HELD = 8;
const MAX_MS = 60_000;
const SHOWN = 20;

export interface PlantFilesOptions {
  readonly ids: IdSource;
  /** Errors: DW_UNAVAILABLE while import is switched off. */
  readonly importer: () => Importer;
}

/** Files people chose, looked into before anything of them is taken. They are held in memory, the newest eight; nothing of them is kept. */
export class PlantFiles {
  readonly #options: PlantFilesOptions;
  readonly #held = new Map<string, HeldFile>();

  constructor(options: PlantFilesOptions) {
    this.#options = options;
  }

  /** Errors: DW_INVALID with what the file is and why it cannot be taken. */
  async look(principal: Principal, name: string, bytes: Uint8Array, chosen: ChosenColumns = {}): Promise<PlantFileOffer> {
    if (bytes.length > MAX_BYTES)
      throw new DoppelwerkError(
        "DW_INVALID",
        messageOf("autoTwin.fileMostMbLookedInto", { max: MAX_BYTES / 1024 / 1024, count: Math.ceil(bytes.length / 1024 / 1024), name }),
      );
    const file = await readBeside(name, bytes, chosen);
    const read = file.kind === "documents" ? await this.#options.importer().readFile(principal, name, bytes) : undefined;
    const held: HeldFile = {
      id: this.#options.ids.next("file"),
      name,
      owner: principal.id,
      file,
      ...(read === undefined ? {} : { read }),
    };
    this.#held.set(held.id, held);
    for (const id of this.#held.keys()) {
      if (this.#held.size <= MAX_HELD) break;
      this.#held.delete(id);
    }
    return offerOf(held);
  }

  /** Errors: DW_NOT_FOUND when it is not held any more. */
  get(principal: Principal, id: string): HeldFile {
    const held = this.#held.get(id);
    if (held === undefined || held.owner !== principal.id)
      throw new DoppelwerkError("DW_NOT_FOUND", messageOf("autoTwin.fileNotHeldMore", { id: id.slice(0, 100) }));
    return held;
  }
}

function offerOf({ id, name, file, read }: HeldFile): PlantFileOffer {
  if (file.kind === "devices") return { id, name, kind: file.kind, offer: { protocol: "mtconnect", ...answeredOffer(file.found) } };
  if (file.kind === "eventLog") {
    const { text: _, chosen: __, leftFirst, ...log } = file;
    return { id, name, ...log, ...(leftFirst && { leftFirst: withText(leftFirst) }), notes: log.assumptions.map(textOf) };
  }
  if (file.kind === "table") return { id, name, ...file, why: withText(file.why) };
  const { report, content } = read!;
  const described = (content.environment.submodels ?? []).filter(isAssetInterfaces).map((submodel) => readAssetInterfaces(submodel));
  const connections = new Map<string, { protocol: string; url: string; signals: number }>();
  for (const { connections: all, signals } of described) {
    for (const [at, { protocol, url }] of all.entries()) {
      const known = connections.get(`${protocol} ${url}`) ?? { protocol, url, signals: 0 };
      known.signals += signals.filter(({ connection }) => connection === at).length;
      connections.set(`${protocol} ${url}`, known);
    }
  }
  const findings = [...report.findings, ...described.flatMap(({ findings: own }) => own)];
  return {
    id,
    name,
    kind: file.kind,
    shells: report.shells,
    submodels: report.submodels,
    connections: [...connections.values()],
    findings: findings.slice(0, SHOWN),
    moreFindings: Math.max(0, findings.length - SHOWN),
  };
}

function withText(message: Message): { readonly text: string; readonly message: Message; readonly told: Message } {
  return { text: textOf(message), message, told: message };
}

function readBeside(name: string, bytes: Uint8Array, chosen: ChosenColumns): Promise<PlantFile> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(
      new URL(import.meta.url.endsWith(".ts") ? "./plant-file-worker.ts" : "./plant-file-worker.js", import.meta.url),
      {
        workerData: { name, bytes, chosen },
        resourceLimits: { maxOldGenerationSizeMb: 1_024 },
      },
    );
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
      void worker.terminate();
    };
    const refuse = (why: DoppelwerkError): void => end(() => reject(why));
    const timer = setTimeout(
      () => refuse(new DoppelwerkError("DW_INVALID", messageOf("autoTwin.readingFileTakesLonger", { max: MAX_MS / 1000, name }))),
      MAX_MS,
    );
    worker.once("message", (message: FromPlantFileWorker) => {
      if ("file" in message) end(() => resolve(message.file));
      else refuse(new DoppelwerkError("DW_INVALID", message.refused));
    });
    worker.once("error", (error: Error) =>
      refuse(new DoppelwerkError("DW_INVALID", messageOf("autoTwin.fileTakesTooMuchMemoryRead", { reason: error.message, name }))),
    );
  });
}
