import {
  warning,
  type AasxFile,
  type Environment,
  type FileContent,
  type FileReport,
  type Finding,
  type RepairRequest,
} from "@doppelwerk/aas";
import { isMappingConfiguration } from "@doppelwerk/connectors/interfaces";
import { setImmediate as turn } from "node:timers/promises";
import { message, message as messageOf } from "@doppelwerk/kit";
import { changedId, DoppelwerkError, importChangesInTurns, LIVE } from "@doppelwerk/world";
import { interfaceRecords, upsert } from "./described-connections.ts";
import { bindMappings } from "./mapping-bindings.ts";
import { importedFiles } from "@doppelwerk/aas-server";
import { carriedSeries, noSeries, takeSeries, type SampleIntake } from "../series/import-series.ts";
import type { BroughtByFile, FileImport, ReadFile } from "@doppelwerk/ports";
import { bytesOf, carriedBytes, sourceOf, StagedFiles, type CarriedFile, type FileSource } from "./file-source.ts";
import { bindElements, withOperationalData } from "./operational-data.ts";
import { createFileReader, type ReadBesideOptions, type ReadInto } from "./read-beside.ts";
import type { Blobs, Change, Json, RecordReader, WorldView } from "@doppelwerk/world";

export interface ImportOptions {
  readonly demo?: boolean;
  /** Connects what the file describes at once; else a person connects it (default: only a demonstration). */
  readonly connect?: boolean;
  /** Default `none`. */
  readonly repair?: RepairRequest;
}

/** What follows an import and may stop it. */
export interface ImportSteps {
  /** Ends what is read; nothing is changed then. */
  readonly signal: AbortSignal;
  /** The file is read. */
  isRead(): Promise<void>;
  /** Before anything is changed; on disk when it resolves. `changes`: how many there are to make. */
  begins(brought: FileImport, changes: number): Promise<void>;
  /** So many of the changes are still to be made. */
  isLeft(changes: number): Promise<void>;
  /** Rejects with DW_CANCELLED where the import is to stop here. `isBegun`: a part of its changes stands. */
  mayGoOn(isBegun: boolean): Promise<void>;
}

export interface Importer {
  /** Reads AASX, JSON or XML by content, merges three-way into live (in one revision, large files in parts), makes signals of the interfaces it describes. */
  importFile(
    view: WorldView,
    name: string,
    file: Uint8Array | FileSource,
    options?: ImportOptions,
    steps?: ImportSteps,
  ): Promise<FileImport>;
  /** What an import would bring, and what is wrong with the file: changes nothing. */
  reportFile(view: WorldView, file: Uint8Array | FileSource, repair: RepairRequest): Promise<FileReport>;
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
    // without its result; a failure is handled by the caller, and the next one has its turn all the same
    last = Promise.allSettled([done]).then(() => {});
    return done;
  };
  return {
    inTurn,
    async importFile(view, name, file, options = {}, steps = noSteps) {
      mustBeAllowed(view);
      const staged = new StagedFiles(blobs);
      try {
        const { content, report } = await read(asSource(file), options.repair ?? "none", staged.take, steps.signal);
        mustHoldSomething(name, content);
        await steps.isRead();
        const given = { blobs, samples: importing.samples };
        return await inTurn(() => imported(view, name, { content, report }, options, steps, given));
      } finally {
        await staged.drop();
      }
    },
    async readFile(view, name, bytes) {
      mustBeAllowed(view);
      const { content, report } = await read(sourceOf(bytes), "none", inMemory);
      mustHoldSomething(name, content);
      return { content, report };
    },
    async reportFile(view, file, repair) {
      mustBeAllowed(view);
      return (await read(asSource(file), repair, ignored)).report;
    },
  };
}

interface Importing {
  readonly blobs: Blobs;
  readonly samples: SampleIntake | undefined;
}

/** Of a file that was read: everything that is in it, in this order. */
async function imported(
  view: WorldView,
  name: string,
  { content, report }: ReadInto<CarriedFile>,
  options: ImportOptions,
  steps: ImportSteps,
  { blobs, samples }: Importing,
): Promise<FileImport> {
  const { environment, files } = content;
  const brought = await changesOf(view.reader(LIVE), name, content, allFiles(content, blobs), {
    demo: options.demo === true,
    connect: options.connect ?? options.demo === true,
    turn: async () => {
      await turn();
      await steps.mayGoOn(false);
    },
  });
  const series = samples === undefined ? noSeries : carriedSeries(view.reader(LIVE), { environment, files }, brought.changes);
  const signals = series.signals.map((record): Change => ({ op: "create", record }));
  const result: FileImport = {
    created: brought.created + signals.length,
    changed: brought.changed,
    conflicts: brought.conflicts.length,
    findings: [...report.findings, ...brought.findings, ...series.findings],
    ...(brought.waiting === 0 ? {} : { waiting: brought.waiting }),
  };
  const changes = [...brought.changes, ...signals];
  await steps.begins(result, changes.length);
  await applyInParts(view, name, changes, steps);
  const mapped = await bindMappings(view, (environment.submodels ?? []).filter(isMappingConfiguration));
  const taken = await takeSeries(series, samples, () => steps.mayGoOn(true));
  return {
    ...result,
    findings: [...report.findings, ...brought.findings, ...mapped, ...series.findings, ...taken.findings],
    ...(taken.samples === 0 ? {} : { samples: taken.samples }),
  };
}

const noSteps: ImportSteps = {
  signal: new AbortController().signal,
  isRead: async () => {},
  begins: async () => {},
  isLeft: async () => {},
  mayGoOn: async () => {},
};

const asSource = (file: Uint8Array | FileSource): FileSource => (file instanceof Uint8Array ? sourceOf(file) : file);

const inMemory = async (contentType: string, pieces: AsyncIterable<Uint8Array>): Promise<AasxFile> => ({
  contentType,
  bytes: await bytesOf({ pieces: () => pieces }),
});

async function ignored(_contentType: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _piece of pieces);
}

/** With the thumbnail of the package. */
function allFiles(
  { files, thumbnail }: { readonly files: ReadonlyMap<string, CarriedFile>; readonly thumbnail?: FileContent["thumbnail"] },
  blobs: Blobs,
): ReadonlyMap<string, CarriedFile> {
  return thumbnail === undefined ? files : new Map([...files, [thumbnail.path, carriedBytes(blobs, thumbnail)]]);
}

/** What importing a file that is in memory changes. */
export function changesOfFile(reader: RecordReader, name: string, content: FileContent, blobs: Blobs): Promise<BroughtByFile> {
  const files = new Map([...content.files].map(([path, file]) => [path, carriedBytes(blobs, file)]));
  const { environment, thumbnail } = content;
  return changesOf(reader, name, { environment }, allFiles({ files, ...(thumbnail && { thumbnail }) }, blobs), {
    demo: false,
    connect: false,
    turn,
  });
}

/** What importing a file that was read changes: documents three-way, connections and signals of its interfaces, operational data, supplementary files. */
async function changesOf(
  reader: RecordReader,
  name: string,
  { environment }: Pick<FileContent, "environment">,
  files: ReadonlyMap<string, CarriedFile>,
  { demo, connect, turn: between }: { readonly demo: boolean; readonly connect: boolean; readonly turn: () => Promise<void> },
): Promise<BroughtByFile> {
  for (const file of files.values()) await file.keep();
  const interfaces = interfaceRecords(reader, environment, demo, connect);
  const documents = await importChangesInTurns(reader, withOperationalData(environment, interfaces.signals), name, between);
  const bound = bindElements(reader, documents.changes, interfaces.signals);
  const changes = [...bound.changes, ...[...interfaces.connections, ...bound.signals].flatMap((record) => upsert(reader, record))];
  return {
    changes: [...changes, ...importedFiles(reader, environment, files)],
    created: changes.filter(({ op }) => op === "create").length,
    changed: changes.filter(({ op }) => op !== "create").length,
    conflicts: documents.conflicts,
    findings: [...interfaces.findings, ...removedDuplicates(documents.changes, environment)],
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

async function applyInParts(view: WorldView, name: string, changes: readonly Change[], steps: ImportSteps): Promise<void> {
  const parts = changes.length <= IN_ONE_MAX ? [changes] : partsOf(changes);
  let left = changes.length;
  for (const [i, part] of parts.entries()) {
    if (part.length === 0) continue;
    await steps.mayGoOn(i > 0);
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
    left -= part.length;
    await steps.isLeft(left);
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
function mustHoldSomething(name: string, content: Pick<FileContent, "environment" | "findings">): void {
  const { assetAdministrationShells, submodels, conceptDescriptions } = content.environment;
  if ([assetAdministrationShells, submodels, conceptDescriptions].some((list) => (list ?? []).length > 0)) return;
  const first = content.findings.find(({ severity }) => severity === "error") ?? content.findings[0];
  throw new DoppelwerkError(
    "DW_INVALID",
    message("assets.noShell", { reason: first === undefined ? message("assets.emptyFile") : (first.reason ?? first.message), name }),
    content.findings.slice(0, 20) as unknown as Json,
  );
}
