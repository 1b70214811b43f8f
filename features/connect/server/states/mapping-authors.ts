import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import type { Message } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import type { MappingVersion, StationDefinition } from "@doppelwerk/operations";
import { elementsOf, LIVE, messageOfEntry, submodelOf } from "@doppelwerk/world";
import type { Instant, RecordReader } from "@doppelwerk/world";
import type { connect } from "../../feature.ts";
import { mappingRecordOf } from "./mapping-edit.ts";

interface Written {
  readonly revision: number;
  readonly at: Instant;
  readonly name: string;
  readonly reason: string;
  readonly message?: Message;
}

/** Writings of a mapping that are looked through, the newest of them. */
const MAX_WRITINGS = 200;

/** Each version with who wrote it, when and why: the log knows, by the first revision in which the station had a version of this number. */
export async function withAuthors<Version extends MappingVersion>(
  ctx: Pick<FeatureContext<typeof connect>, "nameOf">,
  view: PlantView,
  station: StationDefinition,
  versions: readonly Version[],
): Promise<readonly (Version & { readonly written?: Written })[]> {
  const firsts = firstRevisions(view, station);
  return Promise.all(
    versions.map(async (version) => {
      const revision = firsts.get(version.version);
      const [entry] = revision === undefined ? [] : await view.logBefore(revision + 1, 1);
      if (entry === undefined || entry.revision !== revision) return version;
      const own = messageOfEntry(entry);
      const { time: at, actor, reason } = entry;
      return { ...version, written: { revision, at, name: ctx.nameOf(actor), reason, ...(own && { message: own }) } };
    }),
  );
}

function firstRevisions(view: PlantView, station: StationDefinition): ReadonlyMap<number, number> {
  const reader = view.documents.reader(LIVE);
  const record = mappingRecordOf(reader, station);
  const firsts = new Map<number, number>();
  if (record === undefined) return firsts;
  for (const revision of writingsOf(reader, record.id)) {
    const then = submodelOf(view.documents.reader(LIVE, { revision }), record.id);
    for (const number of numbersOf(then?.submodelElements ?? [])) if (!firsts.has(number)) firsts.set(number, revision);
  }
  return firsts;
}

/** Revisions at which the submodel or one of its elements was written, oldest first. */
function writingsOf(reader: RecordReader, submodel: string): readonly number[] {
  const records = [submodel, ...[...elementsOf(reader, submodel).values()].flatMap((elements) => elements.map(({ id }) => id))];
  const revisions = new Set(records.flatMap((id) => reader.versions(id, MAX_WRITINGS).map(({ revision }) => revision)));
  return [...revisions].toSorted((a, b) => a - b).slice(-MAX_WRITINGS);
}

/** The numbers of the versions that the elements of the submodel hold: of the first one, then of those in the list of later ones. */
function numbersOf(elements: NonNullable<Submodel["submodelElements"]>): readonly number[] {
  return elements.flatMap((element): readonly number[] => {
    if (element.modelType === "Property" && element.idShort === "Version") return [Number(element.value)];
    const isLater = element.idShort === "Versions" && "value" in element && Array.isArray(element.value);
    return isLater ? (element.value as readonly SubmodelElement[]).flatMap((one) => numbersOf(childrenOf(one))) : [];
  });
}

const childrenOf = (element: SubmodelElement): readonly SubmodelElement[] =>
  "value" in element && Array.isArray(element.value) ? (element.value as readonly SubmodelElement[]) : [];
