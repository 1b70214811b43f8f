import { submodelReference } from "@doppelwerk/world";
import { writeAasx, type AasxFile, type Shell, type Submodel } from "@doppelwerk/aas";
import type { History, Instant, SignalRecord } from "@doppelwerk/world";
import type { AasSource } from "@doppelwerk/aas-server";
import { bytesOf } from "../files/file-source.ts";
import { firstOf } from "./read-series.ts";
import {
  besideIn,
  columnsOf,
  externalSegment,
  qualityColumn,
  signalsOfSubmodel,
  timeSeriesOf,
  timeSeriesSubmodel,
} from "./time-series-submodel.ts";
import { recordsFile } from "./write-records.ts";

export interface PackedSeries {
  readonly shell: Shell;
  /** Every signal of the shell: what a record holds. */
  readonly signals: readonly SignalRecord[];
  /** Those whose samples come along. */
  readonly chosen: ReadonlySet<string>;
}

/**
 * Shells with their series and the samples of a stretch as one package: an ExternalSegment a shell, its records a CSV file whose columns are named as the
 * properties of the record. Documents of the world stay as they are.
 */
export async function seriesPackage(
  history: History,
  source: AasSource,
  packed: readonly PackedSeries[],
  from: Instant,
  to: Instant,
  endpoint: string,
): Promise<Uint8Array> {
  const files = new Map<string, AasxFile>();
  const [shells, submodels]: [Shell[], Submodel[]] = [[], []];
  for (const [at, { shell, signals, chosen }] of packed.entries()) {
    const id = timeSeriesOf(shell.id);
    const known = source.submodel(id);
    const columns = columnsOf(signals, signalsOfSubmodel(known));
    // a segment that was imported has its file elsewhere, and is not packed again
    const own = besideIn(known).columns;
    const taken = new Set(columns.map(({ idShort }) => idShort));
    const brought = columns.filter(({ signal }) => chosen.has(signal.id));
    const file = await recordsFile(history, brought, taken, from, to);
    const path = `/aasx/files/time-series/${at + 1}-${compact(from)}-${compact(to)}.csv`;
    if (file !== undefined) files.set(path, { contentType: "text/csv", bytes: new TextEncoder().encode(file.text) });
    const qualities = (file?.qualities ?? []).map(({ idShort, of }) => qualityColumn(idShort, of));
    const told = new Set(qualities.map(({ idShort }) => idShort));
    submodels.push(
      timeSeriesSubmodel(shell, columns, await firstOf(history, columns), endpoint, {
        columns: [...own.filter(({ idShort }) => !told.has(idShort)), ...qualities],
        segments: file === undefined ? [] : [externalSegment(`ExternalSegment_${compact(from)}_${compact(to)}`, file, path)],
      }),
    );
    const referenced = shell.submodels?.some(({ keys }) => keys.at(-1)?.value === id) === true;
    shells.push(referenced ? shell : { ...shell, submodels: [...(shell.submodels ?? []), submodelReference(id)] });
    const picture = shell.assetInformation.defaultThumbnail?.path;
    const stored = picture === undefined ? undefined : await source.file(shell.id, picture);
    if (stored !== undefined) files.set(picture!, { contentType: stored.contentType, bytes: await bytesOf(stored) });
  }
  return writeAasx({ assetAdministrationShells: shells, submodels }, files);
}

/** An instant as part of a name: `20260921T141320Z`. */
function compact(time: Instant): string {
  return `${new Date(time / 1_000).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}
