import { message } from "@doppelwerk/messages";
import { canonicalJson, DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { Change, Json, RecordId, WorldRecord, WorldView } from "@doppelwerk/world";
import type { OptimisationDetail } from "../../model/optimisation-job.ts";

/**
 * A point is written onto the branch in two steps, so that a crash between them loses nothing: that it is chosen is kept with the job first, then the branch
 * is written. Whoever resumes the job sees by the documents whether the second step was made.
 */
export function choosing(view: WorldView, kept: OptimisationDetail, index: number): OptimisationDetail {
  mustBeUnedited(view, kept);
  changesOf(view, kept, index);
  const { verdict: _verdict, run: _run, confirmed: _confirmed, ...rest } = kept.shown;
  return { ...kept, choosing: { index, revision: view.revision() }, shown: { ...rest, state: "confirming" } };
}

/** One transaction on the branch, only where it still holds what the search began from or what was chosen before. */
export async function writeChosen(view: WorldView, { choosing: choice, ...kept }: OptimisationDetail): Promise<OptimisationDetail> {
  const { index, revision } = choice!;
  const { branch, title } = kept.shown;
  if (!isWritten(view, kept, index, revision)) {
    mustBeUnedited(view, kept);
    const changes = changesOf(view, kept, index);
    if (changes.length > 0) await view.apply({ branch, reason: message("changes.logOptimised", { name: title }), changes });
  }
  return { ...kept, diffHashes: [...kept.diffHashes, view.planMerge(branch).diffHash], shown: { ...kept.shown, chosen: index } };
}

function mustBeUnedited(view: WorldView, { shown, diffHashes }: OptimisationDetail): void {
  if (!diffHashes.includes(view.planMerge(shown.branch).diffHash))
    throw new DoppelwerkError("DW_CONFLICT", message("simulate.branchEditedSinceSearchBegan"));
}

function changesOf(view: WorldView, kept: OptimisationDetail, index: number): readonly Change[] {
  const reader = view.reader(kept.shown.branch);
  return wantedOf(kept, index).flatMap(({ element, key, wanted }): Change[] => {
    const record = reader.get(element);
    if (!record) throw new DoppelwerkError("DW_CONFLICT", message("simulate.propertyNoLongerBranch", { key }));
    const from = record["value"] as Json;
    if (Number(from) === wanted) return [];
    return [{ op: "update", id: element, fields: { value: { from, to: typeof from === "number" ? wanted : String(wanted) } } }];
  });
}

/** Whether the branch and live are what they were at that revision, but for the values of the point. */
function isWritten(view: WorldView, kept: OptimisationDetail, index: number, revision: number): boolean {
  const { branch } = kept.shown;
  const wanted = new Map(wantedOf(kept, index).map((each) => [each.element, each.wanted]));
  const [now, then] = [view.reader(branch), view.reader(branch, { revision })];
  if ([...wanted].some(([element, value]) => Number(now.get(element)?.["value"]) !== value)) return false;
  const [liveNow, liveThen] = [view.reader(LIVE), view.reader(LIVE, { revision })];
  const ids = new Set<RecordId>([...wanted.keys(), ...view.diff(branch).map(({ id }) => id)]);
  return [...ids].every(
    (id) => isSame(liveNow.get(id), liveThen.get(id)) && isSame(but(now.get(id), wanted.has(id)), but(then.get(id), wanted.has(id))),
  );
}

function wantedOf({ shown, elements }: OptimisationDetail, index: number) {
  const { values } = shown.points[index]!;
  return shown.request.factors.map(({ key }, d) => ({ element: elements[d]!, key, wanted: values[key]! }));
}

/** Without its value where that is a factor of the search. */
function but(record: WorldRecord | undefined, isFactor: boolean): object | undefined {
  if (record === undefined || !isFactor) return record;
  const { value: _value, ...rest } = record as WorldRecord & { readonly value?: unknown };
  return rest;
}

function isSame(a: object | undefined, b: object | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a as Json) === canonicalJson(b as Json);
}
