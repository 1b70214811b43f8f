import type { MergeRequest } from "@doppelwerk/client";

/** Whether a request waits for the approval of this person: it is open, of somebody else, and what approves it is not complete. */
export function waitsFor(request: MergeRequest, person: string): boolean {
  const { status, author } = request;
  const isOpen = status === "open" || status === "approved";
  return isOpen && author.id !== person && mayStillApprove(request, person);
}

/** An approval counts, and as many as each property class of the changes says. */
export function isComplete({ approvals, classes = [] }: MergeRequest): boolean {
  return approvals.some(({ valid }) => valid) && classes.every(({ missing }) => missing === 0);
}

/** Something is missing, and this person has not approved what is there. One who did, and counts no longer for a class, may again. */
export function mayStillApprove(request: MergeRequest, person: string | undefined): boolean {
  const { approvals, classes = [] } = request;
  if (isComplete(request)) return false;
  const isGiven = approvals.some(({ by, valid }) => valid && by === person);
  return !isGiven || classes.some(({ missing, approvals: own }) => missing > 0 && !own.some(({ by }) => by === person));
}
