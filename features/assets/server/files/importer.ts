import { warning, type Environment, type FileContent, type FileReport, type Finding, type RepairRequest } from "@doppelwerk/aas";
import { isMappingConfiguration } from "@doppelwerk/connectors/interfaces";
import { setImmediate as turn } from "node:timers/promises";
import { message, message as messageOf } from "@doppelwerk/kit";
import { changedId, DoppelwerkError, importChangesInTurns, LIVE } from "@doppelwerk/world";
import { interfaceRecords, upsert } from "./described-connections.ts";
import { bindMappings } from "./mapping-bindings.ts";
import { importedFiles } from "@doppelwerk/aas-server";
import { carriedSeries, noSeries, takeSeries, type SampleIntake } from "../series/import-series.ts";
import type { BroughtByFile, FileImport, ReadFile } from "@doppelwerk/ports";
import { bindElements, withOperationalData } from "./operational-data.ts";
import { createFileReader, type ReadBesideOptions } from "./read-beside.ts";
import type { Blobs, Change, Json, RecordReader, WorldView } from "@doppelwerk/world";

export interface ImportOptions {
  readonly demo?: boolean;
  /** Connects what the file describes at once; else a person connects it (default: only a demonstration). */
  readonly connect?: boolean;
  /** Default `none`. */
  readonly repair?: RepairRequest;
}

export interface Importer {
  /** Reads AASX, JSON or XML by content, merges three-way into live (in one revision, large files in parts), makes signals of the interfaces it describes. */
  importFile(view: WorldView, name: string, bytes: Uint8Array, options?: ImportOptions): Promise<FileImport>;
  /** What an import would bring, and what is wrong with the file: changes nothing. */
  reportFile(view: WorldView, bytes: Uint8Array, repair: RepairRequest): Promise<FileReport>;
  /** Reads a file as an import would; changes nothing. */
  readFile(view: WorldView, name: string, bytes: Uint8Array): Promise<ReadFile>;
  /** Does this after every import that was asked for before it, and before every later one. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

export interface ImporterOptions extends ReadBesideOptions {
  /** Where samples go that a file carries; without it they stay in the file. */
  readonly samples?: SampleIntake;
}

/** The importer over a place for supplementary files. Files are read and checked beside the live plant. */
export function createImporter(blobs: Blobs, importing: ImporterOptions = {}): Importer {
  const read = createFileReader(importing);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {
      // handled by the caller; the next one has its turn all the same
    });
    return done;
  };
  return {
    inTurn,
    async importFile(view, name, bytes, options = {}) {
      mustBeAllowed(view);
      const { content, report } = await read(bytes, options.repair ?? "none");
      mustHoldSomething(name, content);
      return inTurn(async () => {
        const { environment } = content;
        const brought = await changesOfFile(view.reader(LIVE), name, content, blobs, {
          demo: options.demo === true,
          connect: options.connect ?? options.demo === true,
        });
        const series = importing.samples === undefined ? noSeries : carriedSeries(view.reader(LIVE), content, brought.changes);
        const signals = series.signals.map((record): Change => ({ op: "create", record }));
        await applyInParts(view, name, [...brought.changes, ...signals]);
        const mapped = await bindMappings(view, (environment.submodels ?? []).filter(isMappingConfiguration));
        const taken = await takeSeries(series, importing.samples);
        return {
          created: brought.created + signals.length,
          changed: brought.changed,
          conflicts: brought.conflicts.length,
          findings: [...report.findings, ...brought.findings, ...mapped, ...series.findings, ...taken.findings],
          ...(taken.samples === 0 ? {} : { samples: taken.samples }),
          ...(brought.waiting === 0 ? {} : { waiting: brought.waiting }),
        };
      });
    },
    async readFile(view, name, bytes) {
      mustBeAllowed(view);
      const { content, report } = await read(bytes, "none");
      mustHoldSomething(name, content);
      return { content, report };
    },
    async reportFile(view, bytes, repair) {
      mustBeAllowed(view);
      return (await read(bytes, repair)).report;
    },
  };
}

/** What importing a file that was read changes: documents three-way, connections and signals of its interfaces, operational data, supplementary files. */
export async function changesOfFile(
  reader: RecordReader,
  name: string,
  content: FileContent,
  blobs: Blobs,
  { demo, connect }: { readonly demo: boolean; readonly connect: boolean },
): Promise<BroughtByFile> {
  for (const { contentType, bytes } of content.files.values()) await blobs.put(bytes, contentType);
  const interfaces = interfaceRecords(reader, content.environment, demo, connect);
  const documents = await importChangesInTurns(reader, withOperationalData(content.environment, interfaces.signals), name, turn);
  const bound = bindElements(reader, documents.changes, interfaces.signals);
  const changes = [...bound.changes, ...[...interfaces.connections, ...bound.signals].flatMap((record) => upsert(reader, record))];
  return {
    changes: [...changes, ...(await importedFiles(reader, content, blobs))],
    created: changes.filter(({ op }) => op === "create").length,
    changed: changes.filter(({ op }) => op !== "create").length,
    conflicts: documents.conflicts,
    findings: [...interfaces.findings, ...removedDuplicates(documents.changes, content.environment)],
    waiting: interfaces.connections.filter(({ enabled }) => !enabled).length,
  };
}

/** Documents of ids that the file has too: imports before W18 stored a document once for each time the file had it. */
function removedDuplicates(changes: readonly Change[], environment: Environment): readonly Finding[] {
  const ids = new Set(DOCUMENT_LISTS.flatMap(([list, kind]) => (environment[list] ?? []).map(({ id }) => `${kind} ${id}`)));
  const counts = new Map<string, number>();
  for (const change of changes) {
    const id = change.op === "delete" ? `${change.record.kind} ${String(change.record["aasId"])}` : undefined;
    if (id !== undefined && ids.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].map(([id, count]): Finding => {
    const name = JSON.stringify(id.slice(id.indexOf(" ") + 1));
    return warning("", "id", messageOf("assets.duplicatesRemoved", { count: count + 1, name }));
  });
}

const DOCUMENT_LISTS = [
  ["assetAdministrationShells", "shell"],
  ["submodels", "submodel"],
  ["conceptDescriptions", "conceptDescription"],
] as const;

/** An import of so many changes is one revision; a larger one would keep the plant waiting for seconds, and goes in parts of whole documents. */
const IN_ONE_MAX = 20_000;
const PART = 2_000;

async function applyInParts(view: WorldView, name: string, changes: readonly Change[]): Promise<void> {
  const parts = changes.length <= IN_ONE_MAX ? [changes] : partsOf(changes);
  for (const [i, part] of parts.entries()) {
    if (part.length === 0) continue;
    const reason =
      parts.length === 1
        ? message("changes.logImport", { name })
        : message("changes.logImportPart", { name, part: i + 1, parts: parts.length });
    try {
      await view.apply({ branch: LIVE, reason, changes: part });
    } catch (error) {
      if (i === 0 || !(error instanceof DoppelwerkError)) throw error;
      throw new DoppelwerkError(
        error.code,
        message("assets.partsImported", { reason: error.reason, done: i, count: parts.length }),
        error.details,
      );
    }
    await turn();
  }
}

/** Cut only before what is no element, so that a document comes whole. */
function partsOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const parts: Change[][] = [[]];
  for (const change of changes) {
    if (parts.at(-1)!.length >= PART && !changedId(change).startsWith("element:")) parts.push([]);
    parts.at(-1)!.push(change);
  }
  return parts;
}

function mustBeAllowed(view: WorldView): void {
  const decision = view.may("import", LIVE);
  if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
}

/** A file is refused when nothing in it can be imported. */
function mustHoldSomething(name: string, content: FileContent): void {
  const { assetAdministrationShells, submodels, conceptDescriptions } = content.environment;
  if ([assetAdministrationShells, submodels, conceptDescriptions].some((list) => (list ?? []).length > 0)) return;
  const first = content.findings.find(({ severity }) => severity === "error") ?? content.findings[0];
  throw new DoppelwerkError(
    "DW_INVALID",
    message("assets.noShell", { reason: first === undefined ? message("assets.emptyFile") : (first.reason ?? first.message), name }),
    content.findings.slice(0, 20) as unknown as Json,
  );
}
