import type { BranchId } from "../change.ts";
import type { Instant } from "../instant.ts";
import type { EventSpan } from "../ports/event-store.ts";
import type { Branch } from "../world.ts";

/** What a branch reads of [from, to): its parent up to and with the instant of its fork, then itself. Ascending, without empty spans. */
export function eventSpans(branchOf: (id: BranchId) => Branch, id: BranchId, from: Instant, to: Instant): readonly EventSpan[] {
  const spans: EventSpan[] = [];
  let end = to;
  for (let branch: Branch | undefined = branchOf(id); branch !== undefined;) {
    const begin = branch.parent === undefined ? from : Math.max(from, branch.instant + 1);
    if (begin < end) spans.unshift({ branch: branch.id, from: begin, to: end });
    end = Math.min(end, branch.instant + 1);
    branch = branch.parent === undefined ? undefined : branchOf(branch.parent);
  }
  return spans;
}
