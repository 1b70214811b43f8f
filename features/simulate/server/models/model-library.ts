import { createHash } from "node:crypto";
import type { ModelCard, ModelDetail } from "@doppelwerk/client";
import { binaryOf, readFmuBeside, type Fmu, type FmuContent } from "@doppelwerk/engines/fmi";
import { isMessage, message, textOf, type Message } from "@doppelwerk/messages";
import {
  createDocument,
  DoppelwerkError,
  recordOfAasId,
  shellOf,
  submodelOf,
  updateDocument,
  type Blobs,
  type BranchId,
  type Change,
  type IdSource,
  type Json,
  type RecordReader,
  type ShellRecord,
  type SubmodelRecord,
  type WorldView,
} from "@doppelwerk/world";
import { fileRecord, putFile } from "@doppelwerk/aas-server";
import { documentsOf } from "./model-documents.ts";
import { announcedVersions, newSimulationModels, simulationModelsIds, withVersion } from "./simulation-models.ts";

export interface ModelLibraryOptions {
  readonly blobs: Blobs;
  readonly ids: IdSource;
  /** Whether native code may run on this machine. */
  readonly native: boolean;
}

export interface AnnounceOptions {
  readonly branch: BranchId;
  /** AAS id of the shell that announces the model. */
  readonly shell: string;
  readonly fileName: string;
  /** Default: the version the model gives itself, else the number of its versions here. */
  readonly version?: string;
}

/** What is told of a file, without the file: a library is looked at again and again, and what is in a file never changes under its hash. */
interface Told extends Pick<Fmu, "description" | "platforms"> {
  readonly binary: { readonly kind: "wasm" | "native"; readonly platform: string } | Message;
  readonly findings: FmuContent["findings"];
}

const MAX_TOLD = 64;

/**
 * The models of a branch: nothing but what its shells announce in "Provision of Simulation Models" submodels, with the files beside them. So a model is
 * forked, compared and merged as every other document.
 */
export class ModelLibrary {
  readonly #options: ModelLibraryOptions;
  readonly #told = new Map<string, Told>();

  constructor(options: ModelLibraryOptions) {
    this.#options = options;
  }

  /** Every version that has its file, newest of a model first; `search` is words that name, description, shell, type or version must hold. */
  list(view: WorldView, branch: BranchId, search = ""): readonly ModelCard[] {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return cardsOf(view.reader(branch))
      .filter((card) => {
        const text = [card.name, card.description, card.shellName, card.shell, card.fileType, card.version, card.fileName]
          .join("\n")
          .toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .toReversed();
  }

  async detail(view: WorldView, branch: BranchId, hash: string): Promise<ModelDetail> {
    const card = this.card(view, branch, hash);
    const { description, platforms, binary, findings } = this.#told.get(hash) ?? this.#tell(hash, await this.#content(hash));
    const { stateSaved, stateSerialised } = description.capabilities;
    const runs = ((): ModelDetail["runs"] => {
      if (isMessage(binary)) return cannotRun(binary);
      if (binary.kind === "native" && !this.#options.native) return cannotRun(message("simulate.modelNativeNotAllowed"));
      return { kind: binary.kind, platform: binary.platform };
    })();
    const { standard, author, generationTool, generationTime, copyright, license } = description;
    const reader = view.reader(branch);
    const told = Object.entries({ author, generationTool, generationTime, copyright, license }).filter(([, text]) => text !== undefined);
    return {
      ...card,
      standard,
      ...(Object.fromEntries(told) as Partial<ModelDetail>),
      documents: documentsOf(reader, recordOfAasId(reader, "shell", card.shell) as ShellRecord),
      ports: description.variables
        .filter(({ causality }) => ["input", "output", "parameter", "structuralParameter"].includes(causality))
        .map(({ reference: _reference, initial: _initial, dimensions: _dimensions, ...port }) => port),
      experiment: description.experiment,
      platforms,
      runs,
      canFork: runs.kind === "wasm" || (stateSaved && stateSerialised),
      findings,
    };
  }

  card(view: WorldView, branch: BranchId, hash: string): ModelCard {
    const card = cardsOf(view.reader(branch)).find((each) => each.hash === hash);
    if (card === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noShellBranchAnnouncesModelHash", { hash }));
    return card;
  }

  /** The whole file, read again: models are large, and run seldom. */
  async fmu(hash: string): Promise<Fmu> {
    const content = await this.#content(hash);
    this.#tell(hash, content);
    return content.fmu!;
  }

  /** Judges an FMU and announces it on a shell, as a new model or a new version of the one of its name: one transaction. */
  async announce(view: WorldView, bytes: Uint8Array, { branch, shell, fileName, version }: AnnounceOptions): Promise<ModelCard> {
    const decision = view.may("edit", branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const { fmu, findings } = await readFmuBeside(bytes);
    if (fmu === undefined) {
      const first = findings.find(({ severity }) => severity === "error") ?? findings[0];
      throw new DoppelwerkError(
        "DW_INVALID",
        message("simulate.noModelCanTaken", { reason: first?.message ?? "?", fileName }),
        findings.slice(0, 20) as unknown as Json,
      );
    }
    const reader = view.reader(branch);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const there = cardsOf(reader).find((card) => card.hash === hash && card.shell === shell);
    if (there !== undefined)
      throw new DoppelwerkError("DW_CONFLICT", message("simulate.shellAnnouncesVeryFile", { name: there.name, version: there.version }));
    const changes = this.#changes(reader, fmu, {
      shell,
      fileName,
      hash,
      size: bytes.length,
      ...(version === undefined ? {} : { version }),
    });
    await this.#options.blobs.put(bytes, "application/x-fmu-sharedlibrary");
    await view.apply({ branch, reason: message("changes.logModel", { name: fmu.description.name, shell }), changes });
    return cardsOf(view.reader(branch)).find((card) => card.hash === hash && card.shell === shell)!;
  }

  #changes(
    reader: RecordReader,
    { description }: Fmu,
    { shell, fileName, hash, size, version }: { shell: string; fileName: string; hash: string; size: number; version?: string },
  ): readonly Change[] {
    const shellRecord = recordOfAasId(reader, "shell", shell) as ShellRecord | undefined;
    if (shellRecord === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noShellId", { shell }));
    const known = submodelsOf(reader, shellRecord)[0];
    const before = known === undefined ? newSimulationModels(`${shell}/simulation-models`) : submodelOf(reader, known.id)!;
    if (known === undefined && recordOfAasId(reader, "submodel", before.id) !== undefined)
      throw new DoppelwerkError("DW_CONFLICT", message("simulate.submodelAnotherKindWhereModelsWould", { id: before.id }));
    const count = announcedVersions(before).filter(({ model }) => model === description.name).length;
    const file = `/models/${hash.slice(0, 16)}/${description.identifier}.fmu`;
    const after = withVersion(before, { description, version: version ?? description.version ?? String(count + 1), file });
    const stored = putFile(reader, {
      owner: after.id,
      path: file,
      name: fileName.replace(/[^\w.() -]/g, "_").slice(-120),
      contentType: "application/x-fmu-sharedlibrary",
      hash,
      size,
    });
    if (known !== undefined) return [...updateDocument(reader, known.id, after, this.#options.ids), ...stored];
    const own = shellOf(reader, shellRecord.id)!;
    const reference = { type: "ModelReference" as const, keys: [{ type: "Submodel" as const, value: after.id }] };
    const told = updateDocument(reader, shellRecord.id, { ...own, submodels: [...(own.submodels ?? []), reference] }, this.#options.ids);
    return [...createDocument(after, this.#options.ids), ...told, ...stored];
  }

  async #content(hash: string): Promise<FmuContent> {
    const blob = await this.#options.blobs.get(hash);
    if (blob === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.fileModelNot", { hash }));
    return readFmuBeside(blob.bytes);
  }

  #tell(hash: string, { fmu, findings }: FmuContent): Told {
    if (fmu === undefined)
      throw new DoppelwerkError(
        "DW_INVALID",
        message("simulate.modelCannotRead", { reason: findings[0]?.reason ?? findings[0]?.message ?? "?" }),
      );
    const binary = binaryOf(fmu);
    const { description, platforms } = fmu;
    const told = {
      description,
      platforms,
      findings,
      binary: isMessage(binary) ? binary : { kind: binary.kind, platform: binary.platform },
    };
    if (this.#told.size >= MAX_TOLD) this.#told.delete(this.#told.keys().next().value!);
    this.#told.set(hash, told);
    return told;
  }
}

function cannotRun(reason: Message): ModelDetail["runs"] {
  return { kind: "none", why: textOf(reason), reason };
}

function cardsOf(reader: RecordReader): readonly ModelCard[] {
  // By their index: of a hundred thousand submodels a handful announce models, and only then the shells are looked through.
  const announcing = new Map(
    simulationModelsIds
      .flatMap((value) => reader.query({ kind: "submodel", index: { name: "semanticId", value } }) as readonly SubmodelRecord[])
      .map((record) => [record.aasId, record] as const),
  );
  if (announcing.size === 0) return [];
  return (reader.query({ kind: "shell" }) as readonly ShellRecord[]).flatMap((shell) =>
    shell.submodels.flatMap((id) => (announcing.has(id) ? cardsIn(reader, shell, announcing.get(id)!) : [])),
  );
}

function cardsIn(reader: RecordReader, shell: ShellRecord, record: SubmodelRecord): readonly ModelCard[] {
  return announcedVersions(submodelOf(reader, record.id)!).flatMap((version): ModelCard[] => {
    const file = fileRecord(reader, record.aasId, version.file);
    if (file === undefined) return [];
    const { hash, size, name: fileName } = file;
    const { model, description, path, fileType, latest } = version;
    const told = { hash, size, fileName, path, fileType, latest, description, version: version.version };
    return [{ ...told, name: model, shell: shell.aasId, shellName: shell.idShort, submodel: record.aasId }];
  });
}

function submodelsOf(reader: RecordReader, shell: ShellRecord): readonly SubmodelRecord[] {
  return shell.submodels
    .map((id) => recordOfAasId(reader, "submodel", id) as SubmodelRecord | undefined)
    .filter((record) => record !== undefined)
    .filter((record) => record.semanticId !== undefined && simulationModelsIds.includes(record.semanticId));
}
