import { documentChange, DoppelwerkError, hashedId, message, readDocument, SECOND } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { LineFlow, ShiftFigures, StopEffects } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type { StopEffect } from "../contract.ts";
import type {} from "../message-codes.ts";
import { stopEffect, type StoredEffect } from "../model/effect-kind.ts";

export interface WhatIfSources {
  readonly flow: Pick<LineFlow, "folded">;
  readonly figures: ShiftFigures | undefined;
  readonly effects: StopEffects | undefined;
  now(): Instant;
}

export interface StopAsked {
  readonly line?: string | undefined;
  readonly station: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly name: string;
}

/**
 * What would have happened without a stop. It is simulated first: what cannot be leaves no branch behind. Who asks again gets the branch that is there.
 * Errors: DW_NOT_FOUND, DW_UNAVAILABLE, DW_QUEUE_FULL.
 */
export async function whatIf(
  view: PlantView,
  { line: id, station, from, to, name }: StopAsked,
  { flow, figures, effects, now }: WhatIfSources,
): Promise<{ readonly effect?: StopEffect; readonly why?: ReturnType<typeof message> }> {
  const folded = await flow.folded();
  const line = id === undefined ? folded[0]?.definition : folded.find(({ definition }) => definition.id === id)?.definition;
  if (line === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noLine"));
  if (!line.stations.some((each) => each.id === station))
    throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noStation", { station }));
  if (effects === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("losses.whatIf.off"));
  const shift = (await figures?.within(from, from + 1, undefined, line.id))?.shifts.find((each) => each.from <= from && from < each.to);
  if (shift === undefined || from >= now()) return { why: message("losses.whatIf.noShift") };
  const found = await effects.of({ line: line.id, station, from, to: Math.min(to, shift.to), shift });
  if ("why" in found) return { why: found.why };
  const stored: StoredEffect = { line: line.id, station, from, to, effect: found };
  const known = effectsWithin(view, { from, to: from + 1, line: line.id }).find((each) => each.station === station && each.from === from);
  const branch = known?.branch ?? (await forked(view, name, from));
  const recordId = hashedId("stopEffect", line.id, `${station} ${from}`);
  const change = documentChange(stopEffect, recordId, view.documents.reader(branch).get(recordId), stored);
  if (change) await view.documents.apply({ branch, reason: message("losses.log.whatIf", { station }), changes: [change] });
  return { effect: { branch, ...stored } };
}

/** The name says what it is for; where another branch has it, it is told apart by when it was made. */
async function forked(view: PlantView, name: string, from: Instant): Promise<BranchId> {
  const branch = await view.documents.fork({
    name,
    parent: LIVE,
    instant: from - SECOND,
    reason: message("losses.log.whatIfFork", { name }),
  });
  return branch.id;
}

/** On branches that are open and that the caller may see. */
export function effectsWithin(
  view: PlantView,
  { from, to, line }: { readonly from: Instant; readonly to: Instant; readonly line?: string | undefined },
): StopEffect[] {
  return view.documents
    .branches()
    .filter(({ id, closed, instant }) => id !== LIVE && closed === undefined && instant >= from - SECOND && instant < to)
    .flatMap(({ id: branch }) =>
      view.documents
        .reader(branch)
        .query({ kind: stopEffect.record })
        .flatMap((record) => {
          const stored = readDocument(stopEffect, record);
          return stored === undefined || (line !== undefined && stored.line !== line) ? [] : [{ branch, ...stored }];
        }),
    );
}
