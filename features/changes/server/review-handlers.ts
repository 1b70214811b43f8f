import type { HandlersOf, PlantView } from "@doppelwerk/kit/server";
import type { RunResults } from "@doppelwerk/ports";
import { message } from "@doppelwerk/kit";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { MergeRequestRecord } from "@doppelwerk/world";
import type { changes } from "../feature.ts";
import type {} from "../message-codes.ts";
import { detailOf, shown } from "./merge-request-detail.ts";

type Handlers = HandlersOf<(typeof changes)["contract"]>;
type Operation =
  | "requests"
  | "propose"
  | "request"
  | "comment"
  | "approve"
  | "merge"
  | "reject"
  | "withdraw"
  | "readApprovalSetting"
  | "changeApprovalSetting";

/** A class may ask for a proof of presence with each approval: one for what is read and approved at a sitting. */
const APPROVAL_PRESENCE_S = 300;

export interface ReviewOptions {
  nameOf(actor: string): string;
  /** Undefined while simulation is off. */
  runs(): RunResults | undefined;
}

/** Merge requests: propose a branch, discuss, approve by someone else, merge as one revision. */
export function reviewHandlers({ nameOf, runs }: ReviewOptions): Pick<Handlers, `changes.${Operation}`> {
  const detail = (view: PlantView, id: string) => detailOf(view, id, nameOf, runs());
  const hashOf = async (ids: readonly string[]): Promise<string> => {
    if (ids.length === 0) return "";
    const results = runs();
    if (results === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("changes.simulationOff"));
    return results.hashOf(ids);
  };
  return {
    "changes.requests": async ({ view: { documents } }) => {
      const records = documents.reader(LIVE).query({ kind: "mergeRequest" }) as readonly MergeRequestRecord[];
      return records
        .map((record) => shown(documents, documents.requests.state(record.id), nameOf))
        .sort((a, b) => b.createdAt - a.createdAt);
    },
    "changes.propose": async ({ view: { documents }, body: { runs: shownRuns, ...proposed } }) => {
      const record = await documents.requests.open({ ...proposed, resultHash: await hashOf(shownRuns) });
      return shown(documents, documents.requests.state(record.id), nameOf);
    },
    "changes.request": async ({ view, params: { id } }) => detail(view, id),
    "changes.comment": async ({ view, params: { id }, body }) => {
      await view.documents.requests.comment(id, body.text);
      return detail(view, id);
    },
    "changes.approve": async ({ view, params: { id }, body: seen, requirePresence }) => {
      const { requests } = view.documents;
      const { plan, request, classes } = requests.state(id);
      if (!plan) throw new DoppelwerkError("DW_CONFLICT", message("changes.branchRequestClosed", { id }));
      const isOfPresence = classes.some(({ class: of, mayApprove }) => of.presence && mayApprove);
      if (isOfPresence) requirePresence(APPROVAL_PRESENCE_S);
      await requests.approve(id, {
        ...(isOfPresence && { presence: true as const }),
        diffHash: seen.diffHash ?? plan.diffHash,
        resultHash: seen.resultHash ?? request.resultHash,
      });
      return detail(view, id);
    },
    "changes.merge": async ({ view, params: { id } }) => {
      await view.documents.requests.merge(id);
      return detail(view, id);
    },
    "changes.reject": async ({ view, params: { id }, body: { text } }) => {
      // first what can be refused: then nothing is left behind
      await view.documents.requests.reject(id);
      if (text !== undefined && text !== "") await view.documents.requests.comment(id, text);
      return detail(view, id);
    },
    "changes.readApprovalSetting": async ({ view }) => ({ solo: view.documents.requests.isSoloAllowed() }),
    "changes.changeApprovalSetting": async ({ view, body: { solo } }) => {
      await view.documents.requests.allowSolo(solo);
      return { solo: view.documents.requests.isSoloAllowed() };
    },
    "changes.withdraw": async ({ view, params: { id } }) => {
      await view.documents.requests.withdraw(id);
      return detail(view, id);
    },
  };
}
