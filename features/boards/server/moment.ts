import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import type { TileMoment } from "../model/board-kind.ts";

export interface Moment {
  readonly branch: BranchId;
  readonly at?: Instant;
}

/** Of a branch the instant of its fork, where no other is asked for: it has no later samples. Errors: DW_INVALID, DW_NOT_FOUND. */
export function momentOf(view: PlantView, branch: BranchId, at: Instant | undefined, now: Instant): Moment {
  if (at !== undefined && at > now) throw new DoppelwerkError("DW_INVALID", message("boards.future"));
  if (branch === LIVE) return { branch, ...(at !== undefined && { at }) };
  return { branch, at: at ?? view.documents.branch(branch).instant };
}

/** What a tile is bound to, where the page is at `page`. */
export function boundMoment(moment: TileMoment, page: Moment): Moment {
  if (moment.of === "page") return page;
  if (moment.of === "branch") return { branch: moment.branch };
  return { branch: LIVE, ...(moment.of === "instant" && { at: moment.at }) };
}
