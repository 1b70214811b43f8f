// For tests of packs: documents in memory, and the engines a pack feeds.

import type { Environment } from "@doppelwerk/aas";
import {
  coreKinds,
  indexValues,
  recordsOfEnvironment,
  type RecordId,
  type RecordQuery,
  type RecordReader,
  type RecordVersion,
  type WorldRecord,
} from "@doppelwerk/world";

export type { Environment, Submodel, SubmodelElement } from "@doppelwerk/aas";
export type { Sample, SampleBatch } from "@doppelwerk/world";
export { createLineEngine } from "@doppelwerk/operations";
export { fitLine, runLine, runPlant, validateLineModel, validatePlantModel, type PlantModel } from "@doppelwerk/sim";

/** Documents of one branch that a test can edit: `set` is an edit of a property and keeps the version before. */
export interface TestDocuments {
  readonly reader: RecordReader;
  /** Sets the value of the element at an idShortPath below a submodel, by AAS id. */
  set(submodel: string, path: string, value: string): void;
}

/** The records of an environment behind the reader a pack gets. Not fast: for tests. */
export function testDocuments(environment: Environment): TestDocuments {
  const records = new Map(recordsOfEnvironment(environment, "test").map((record) => [record.id, record]));
  const versions = new Map<RecordId, RecordVersion[]>([...records].map(([id, record]) => [id, [{ revision: 1, branch: "live", record }]]));
  const indexes = new Map(coreKinds.map((kind) => [kind.kind, kind.indexes ?? {}]));
  const query = ({ kind, index, after, limit }: RecordQuery): readonly WorldRecord[] =>
    [...records.values()]
      .filter(
        (record) =>
          record.kind === kind &&
          (index === undefined || indexValues(indexes.get(kind)?.[index.name]?.(record)).includes(index.value)) &&
          (after === undefined || record.id > after),
      )
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  return {
    reader: {
      get: (id) => records.get(id),
      query,
      versions: (id, limit) => (versions.get(id) ?? []).slice(0, limit),
      written(id) {
        const all = versions.get(id);
        return all && { created: all.at(-1)!.revision, updated: all[0]!.revision };
      },
      lastWritten: (of) =>
        query(of).reduce<number | undefined>((last, { id }) => Math.max(last ?? 0, versions.get(id)![0]!.revision), undefined),
      changedSince: (revision) => [...versions].flatMap(([id, [newest]]) => (newest!.revision > revision ? [id] : [])).sort(),
    },
    set: (submodel, path, value) => {
      const element = elementAt(records, submodel, path);
      const edited = { ...element, value };
      records.set(element.id, edited);
      versions.set(element.id, [
        { revision: (versions.get(element.id)?.[0]?.revision ?? 0) + 1, branch: "live", record: edited },
        ...(versions.get(element.id) ?? []),
      ]);
    },
  };
}

function elementAt(records: ReadonlyMap<RecordId, WorldRecord>, submodel: string, path: string): WorldRecord {
  const root = [...records.values()].find((record) => record.kind === "submodel" && record["aasId"] === submodel);
  let parent = root?.id;
  let found: WorldRecord | undefined;
  for (const name of path.replaceAll("[", ".[").split(".")) {
    const children = [...records.values()]
      .filter((record) => record.kind === "element" && record["parent"] === parent)
      .toSorted((a, b) => (String(a["order"]) < String(b["order"]) ? -1 : 1));
    found = name.startsWith("[") ? children[Number(name.slice(1, -1))] : children.find((child) => child["idShort"] === name);
    parent = found?.id;
  }
  if (!found) throw new Error(`there is no element ${path} in ${submodel}`);
  return found;
}
