import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { lineFlow } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type { KnownWorker } from "../contract.ts";
import type { personnel } from "../feature.ts";
import type { Staff } from "./staff.ts";

/** Whoever may change live keeps the roster: sees skills, working time and load of everybody. Everybody else sees their own. A fork gives nobody more. */
export const isKeeper = (view: PlantView): boolean => view.documents.may("edit", LIVE).allowed;

/** A worker as a caller may see them; names are of who keeps the roster, of oneself, and of a roster that hangs out. */
export function shownWorker(staff: Staff, view: PlantView, worker: string, isNamed = true): KnownWorker {
  const fields = staff.get(worker);
  const isMe = fields?.account === view.principal.id;
  return {
    worker,
    ...(fields !== undefined && (isNamed || isMe) && { name: fields.name }),
    ...(fields?.team !== undefined && { team: fields.team }),
    isMe,
  };
}

/** The local day of an instant where the plant is. */
export async function dayOf(ctx: FeatureContext<typeof personnel>, branch: BranchId, at: Instant): Promise<string> {
  const timeZone = (await ctx.find(lineFlow)?.lines(branch))?.lines[0]?.timeZone ?? "UTC";
  return new Intl.DateTimeFormat("sv-SE", { timeZone }).format(new Date(at / 1_000));
}
