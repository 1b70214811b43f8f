import { LIVE, type BranchId, type IdSource, type RecordId, type Sample, type SignalRecord, type WorldView } from "@doppelwerk/world";
import type { AasLookups } from "./aas-lookups.ts";
import { aasReading } from "./aas-reading.ts";
import type { AasSource, StoredFile } from "./aas-source.ts";
import { aasWriting } from "./aas-writing.ts";

export interface AasSourceOptions {
  /** The world as the one who asks may see it. */
  readonly view: WorldView;
  readonly branch: BranchId;
  /** The last sample of a signal at the branch's time: the live table on `live`, what was last known at the branch's instant elsewhere. */
  readonly sample: (signal: RecordId) => Sample | undefined;
  readonly ids: IdSource;
  /** One a world, shared by all requests. */
  readonly lookups: AasLookups;
  /** Files that elements and thumbnails name, where the world keeps some. */
  readonly file?: (path: string) => Promise<StoredFile | undefined>;
  /** What to tell a client that writes a bound property. */
  readonly commandFor?: (signal: RecordId) => string;
}

/** A branch of a world as AAS clients see it. Cheap to make: one a request. Errors: DW_NOT_FOUND when the branch is not there for the principal. */
export function aasSourceOfWorld(options: AasSourceOptions): AasSource {
  const { view, branch, sample, ids, lookups, file } = options;
  const found = view.branch(branch);
  const nameOf = (signal: RecordId) => (view.reader(branch).get(signal) as SignalRecord | undefined)?.name ?? signal;
  const commandFor = options.commandFor ?? ((signal: RecordId) => `send a Command for the signal ${nameOf(signal)} (${signal}) instead`);
  return {
    branch: branch === LIVE ? undefined : found.name,
    ...aasReading({ view, branch, sample, lookups }),
    ...aasWriting({ view, branch, sample, lookups, ids, commandFor }),
    file: async (path) => file?.(path),
  };
}
