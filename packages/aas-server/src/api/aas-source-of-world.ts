import { message } from "@doppelwerk/messages";
import {
  DoppelwerkError,
  LIVE,
  type Blobs,
  type BranchId,
  type Decision,
  type ElementRecord,
  type IdSource,
  type Instant,
  type RecordId,
  type RecordReader,
  type Sample,
  type SignalRecord,
  type WorldRecord,
  type WorldView,
} from "@doppelwerk/world";
import { aasFiles } from "./aas-files.ts";
import type { AasLookups, Identified } from "./aas-lookups.ts";
import { aasReading, changedSince, frozenDocuments, madeAndWrittenSince, timesOf } from "./aas-reading.ts";
import type { AasSource, Apply, OperationBinding } from "./aas-source.ts";
import { aasWriting } from "./aas-writing.ts";
import { createAssetLinks } from "./asset-links.ts";
import { writtenIn, type Written } from "./written-in-turn.ts";
import { createPackages } from "./packages.ts";
import { createRegistry } from "./registry.ts";

export interface AasSourceOptions {
  /** The world as the one who asks may see it. */
  readonly view: WorldView;
  readonly branch: BranchId;
  /** Of several on one server: a handle of one is none of another. */
  readonly world?: string;
  /** The last sample of a signal at the branch's time: the live table on `live`, what was last known at the branch's instant elsewhere. */
  readonly sample: (signal: RecordId) => Sample | undefined;
  /** Samples as they were at an instant in the branch's past, by signal. */
  readonly samplesAt: (signals: readonly RecordId[], instant: Instant) => Promise<ReadonlyMap<RecordId, Sample>>;
  readonly ids: IdSource;
  /** One a world, shared by all requests. */
  readonly lookups: AasLookups;
  /** Where the bytes of attachments, thumbnails and packages are. */
  readonly blobs: Blobs;
  /** What stands behind Operations that only read: whoever sees the submodel may invoke them. */
  readonly readings?: OperationBinding;
  /** What stands behind all others; without it nothing does. */
  readonly operations?: OperationBinding;
  /** What to tell a client that writes a bound property. */
  readonly commandFor?: (signal: RecordId) => string;
}

/** A branch of a world as AAS clients see it. Cheap to make: one a request. Errors: DW_NOT_FOUND when the branch is not there for the principal. */
export function aasSourceOfWorld(options: AasSourceOptions): AasSource {
  const { view, branch, sample, samplesAt, ids, lookups, blobs } = options;
  const found = view.branch(branch);
  const branchName = branch === LIVE ? undefined : found.name;
  const reader = () => view.reader(branch);
  const nameOf = (signal: RecordId) => (reader().get(signal) as SignalRecord | undefined)?.name ?? signal;
  const commandFor = options.commandFor ?? ((signal: RecordId) => `send a Command for the signal ${nameOf(signal)} (${signal}) instead`);
  const turn = writtenIn(lookups);
  const written: Written = (key, write) => turn(JSON.stringify([branch, key]), write);
  const apply: Apply = async (changes, reason) => {
    if (changes.length > 0) await view.apply({ branch, reason, changes });
  };
  /** A package is exported by who may export each shell in it. */
  const exporting = (kind: Identified | "aasxPackage", id: string): Decision | undefined => {
    const now = reader();
    const record = kind === "aasxPackage" ? now.get(`aasxPackage:${id}`) : lookups.record(now, kind, id);
    const aasIds = kind === "aasxPackage" ? record?.["aasIds"] : undefined;
    const shells = (Array.isArray(aasIds) ? aasIds : []).flatMap((aasId) => lookups.record(now, "shell", String(aasId)) ?? []);
    const of = shells.length > 0 ? shells : record === undefined ? [] : [record];
    return of.map((one) => view.may("export", branch, one.id)).find(({ allowed }) => !allowed);
  };
  return {
    branch: branchName,
    owner: JSON.stringify([view.principal.id, branch, options.world]),
    revision: () => view.revision(),
    checkMayWrite() {
      const decision = view.mayAnywhere("edit", branch);
      if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    },
    mayExport: (kind, id) => exporting(kind, id)?.allowed !== false,
    checkMayExport(of) {
      const decision = of === undefined ? view.mayAnywhere("export", branch) : exporting(of.kind, of.id);
      if (decision?.allowed === false) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    },
    ...aasReading({ view, branch, sample, samplesAt, lookups }),
    frozen: () => frozenDocuments({ view, branch, sample, samplesAt, lookups }),
    ...aasWriting({ view, branch, sample, samplesAt, lookups, ids, commandFor }),
    ...aasFiles({
      reader,
      apply,
      written,
      blobs,
      ids,
      shellRecord: (now, id) => needed(lookups.record(now, "shell", id), `shell ${id}`),
      elementRecord: (now, submodelId, path) => elementRecord(lookups, now, submodelId, path),
    }),
    registry: createRegistry({
      reader,
      apply,
      written,
      branch: branchName,
      isSince: (now, record, filter) => madeAndWrittenSince(view, now, record, filter),
      timesOf: (now, record) => timesOf(view, now, record),
      changed: (now, kind, filter) => changedSince(view, now, kind, filter),
    }),
    assetLinks: createAssetLinks(reader, apply, written),
    packages: createPackages(reader, apply, written, blobs, ids),
    async operation(submodelId, path, operation) {
      const reading = await options.readings?.(submodelId, path, operation);
      if (reading !== undefined) return reading;
      const now = reader();
      const decision = view.may("command", branch, elementRecord(lookups, now, submodelId, path).id);
      if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
      return options.operations?.(submodelId, path, operation);
    },
  };
}

function elementRecord(lookups: AasLookups, now: RecordReader, submodelId: string, path: string): ElementRecord {
  const submodel = needed(lookups.record(now, "submodel", submodelId), `submodel ${submodelId}`);
  return needed(lookups.element(now, submodel.id, path), `element at ${path}`);
}

function needed<R extends WorldRecord>(record: R | undefined, what: string): R {
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("aasServer.no", { what }));
  return record;
}
