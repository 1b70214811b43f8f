import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rulesOfTemplate, type PackFeature, type PackSetUpDeclaration } from "@doppelwerk/kit/pack";
import type { PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, hashedId, LIVE, type BranchId, type Change, type RecordId, type WorldRecord } from "@doppelwerk/world";
import { z } from "zod";

/** What a feature of a pack begins with. */
export interface FeatureSetUp {
  readonly feature: string;
  readonly pack: string;
  readonly version: string;
  readonly folder: string;
  readonly kinds: readonly string[];
  readonly declared: PackSetUpDeclaration;
}

export interface Proposed {
  readonly created: number;
  readonly changed: number;
  readonly kept: number;
  readonly left: number;
}

const MAX_RECORDS = 10_000;
const MEMORY = "packSetUp";
const Documents = z.array(z.looseObject({ id: z.string().min(1).max(200), kind: z.string() })).max(MAX_RECORDS);

/** The set-ups that the features of a pack declare. */
export function setUpsOf(
  { name, version, folder }: { readonly name: string; readonly version: string; readonly folder: string },
  features: readonly PackFeature[],
): readonly FeatureSetUp[] {
  return features.flatMap(({ id, kinds, setUp }) =>
    setUp === undefined ? [] : [{ feature: id, pack: name, version, folder, kinds: kinds.map((kind) => kind.id), declared: setUp }],
  );
}

/** How much of it a branch does not have. */
export function describeSetUp(setUp: FeatureSetUp, view: PlantView, branch: BranchId) {
  const { feature, pack, version, declared } = setUp;
  const known = knownOn(view, branch, feature);
  const proposed = known.memory?.["packVersion"];
  const fresh = documentsOf(setUp).filter(({ id }) => !known.has(id));
  return {
    feature,
    pack,
    version,
    reads: declared.operation !== undefined,
    documents: fresh.length,
    alarmRules: rulesOf(setUp, view, branch, fresh, new Set()).filter((rule) => !known.has(rule.id) && !known.isLike(rule)).length,
    ...(typeof proposed === "string" && { proposed }),
  };
}

/**
 * Writes on a branch what a feature begins with: `call` runs its operation there, in the place of the caller. What was proposed before and is not there any
 * more was removed by somebody, and stays so. Errors: DW_CONFLICT on live, DW_INVALID for documents that are none of its kinds, and those of the operation.
 */
export async function proposeOn(
  setUp: FeatureSetUp,
  view: PlantView,
  branch: BranchId,
  call: (operation: string) => Promise<unknown>,
): Promise<Proposed> {
  if (branch === LIVE) throw new DoppelwerkError("DW_CONFLICT", message("packs.setUpOnLive"));
  const { feature, pack, version, declared } = setUp;
  const documents = documentsOf(setUp);
  const before = recordsOf(setUp, view, branch);
  const known = knownOn(view, branch, feature);
  if (declared.operation !== undefined) await call(declared.operation);
  const after = recordsOf(setUp, view, branch);
  const made = [...after.values()].filter(({ id }) => !before.has(id));
  const removedBefore = made.filter(({ id }) => known.proposed.has(id));
  const changed = [...before.values()].filter((record) => JSON.stringify(after.get(record.id)) !== JSON.stringify(record)).length;
  const waiting = documents.filter(({ id }) => !known.has(id));
  const rules = rulesOf(setUp, view, branch, waiting, new Set(removedBefore.map(({ id }) => id)));
  const offered = [...documents, ...(rules as unknown as readonly WorldRecord[])];
  const isThere = (record: WorldRecord): boolean => known.reader.get(record.id) !== undefined || known.isLike(record);
  const fresh = offered.filter((record) => !isThere(record) && !known.proposed.has(record.id));
  const kept = new Set([...before.keys(), ...offered.filter(isThere).map(({ id }) => id)]).size;
  const left = removedBefore.length + offered.filter((record) => !isThere(record) && known.proposed.has(record.id)).length;
  const isNew = made.filter((record) => !removedBefore.includes(record));
  const proposed = [...new Set([...known.proposed, ...isNew.map(({ id }) => id), ...fresh.map(({ id }) => id)])].toSorted();
  const changes: Change[] = [
    ...removedBefore.map((record) => ({ op: "delete" as const, record })),
    ...fresh.map((record) => ({ op: "create" as const, record })),
  ];
  if (changes.length > 0 || isNew.length > 0)
    await view.documents.apply({
      branch,
      reason: message("packs.setUpReason", { pack }),
      changes: [...changes, memoryChange(known.memory, { feature, pack, packVersion: version, proposed })],
    });
  return { created: isNew.length + fresh.length, changed, kept: kept - changed, left };
}

function memoryId(feature: string): RecordId {
  return hashedId(MEMORY, "feature", feature);
}

function memoryChange(before: WorldRecord | undefined, fields: Readonly<Record<string, string | readonly string[]>>): Change {
  if (before === undefined)
    return { op: "create", record: { id: memoryId(String(fields["feature"])), kind: MEMORY, ...fields } as unknown as WorldRecord };
  const changed = Object.entries(fields).filter(([name, to]) => JSON.stringify(before[name]) !== JSON.stringify(to));
  return {
    op: "update",
    id: before.id,
    fields: Object.fromEntries(changed.map(([name, to]) => [name, { from: before[name], to }])) as never,
  };
}

/** What stands on a branch already, and what was proposed before. */
function knownOn(view: PlantView, branch: BranchId, feature: string) {
  const reader = view.documents.reader(branch);
  const memory = reader.get(memoryId(feature));
  const proposed = new Set(Array.isArray(memory?.["proposed"]) ? (memory["proposed"] as readonly string[]) : []);
  // a rule that an earlier version added by another way has another id
  const likes = new Set(reader.query({ kind: "alarmRule", limit: MAX_RECORDS }).map(likenessOf));
  return {
    reader,
    memory,
    proposed,
    has: (id: RecordId) => proposed.has(id) || reader.get(id) !== undefined,
    isLike: (rule: object) => (rule as { readonly kind?: unknown }).kind === "alarmRule" && likes.has(likenessOf(rule)),
  };
}

function likenessOf(rule: object): string {
  const { title, condition } = rule as {
    readonly title?: { readonly en?: unknown };
    readonly condition?: { readonly kind?: unknown; readonly signal?: unknown };
  };
  return JSON.stringify([title?.en, condition?.kind, condition?.signal]);
}

function recordsOf({ kinds }: FeatureSetUp, view: PlantView, branch: BranchId): ReadonlyMap<RecordId, WorldRecord> {
  const reader = view.documents.reader(branch);
  return new Map(kinds.flatMap((kind) => reader.query({ kind, limit: MAX_RECORDS }).map((record) => [record.id, record] as const)));
}

/** Of documents that stand on the branch, and of those that are proposed with them. */
function rulesOf(
  { declared }: FeatureSetUp,
  view: PlantView,
  branch: BranchId,
  proposed: readonly WorldRecord[],
  without: ReadonlySet<RecordId>,
) {
  const reader = view.documents.reader(branch);
  return declared.alarmRules.flatMap((template) => {
    const present = reader.query({ kind: template.kind, limit: MAX_RECORDS }).filter(({ id }) => !without.has(id));
    const documents = [...present, ...proposed.filter(({ kind }) => kind === template.kind)];
    return rulesOfTemplate(template, documents, (id) => view.signal(id) !== undefined);
  });
}

function documentsOf({ declared: { documents: path }, folder, kinds, feature }: FeatureSetUp): readonly WorldRecord[] {
  if (path === undefined) return [];
  const refused = (reason: string): DoppelwerkError =>
    new DoppelwerkError("DW_INVALID", message("packs.setUpDocuments", { path, feature, reason }));
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(join(folder, path), "utf8"));
  } catch (error) {
    throw refused((error as Error).message);
  }
  const parsed = Documents.safeParse(given);
  if (!parsed.success) throw refused(parsed.error.issues[0]?.message ?? "");
  const foreign = parsed.data.find(({ kind }) => !kinds.includes(kind));
  if (foreign !== undefined) throw refused(foreign.kind.slice(0, 100));
  return parsed.data as unknown as readonly WorldRecord[];
}
