import { Button, Textarea, Tooltip, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { LiveState, MergeRequestDetail } from "@doppelwerk/client";
import {
  Card,
  ViewOutlet,
  momentText,
  plannedDateText,
  requestEvidence,
  useLoad,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import { DiffGroups } from "./diff-groups.tsx";
import { RealisedCard } from "./realised-card.tsx";
import { AccessChangesCard } from "./access-changes-card.tsx";
import { ClassesCard } from "./classes-card.tsx";
import { isComplete, mayStillApprove } from "./waits-for.ts";
import { approversOf } from "./approvers.ts";
import { StatusBadge } from "./status-badge.tsx";

/** A merge request: what it changes, why it may or may not be decided now, what stands for it, and what was said about it. */
export function RequestBody({ request, reload }: { readonly request: MergeRequestDetail; readonly reload: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [text, setText] = useState("");
  const act = (run: Promise<unknown>): void => {
    run.then(
      () => {
        setText("");
        reload();
        studio.commits.update((count) => count + 1);
      },
      (error: unknown) => {
        studio.notifyFailure(error, t("changes.actionFailed"));
        // what would be merged by now has to be reviewed first
        if (error instanceof DoppelwerkError && error.code === "DW_STALE_APPROVAL") reload();
      },
    );
  };
  const open = isOpen(request);
  const isAuthor = request.author.id === selfOf(useStore(studio.state));
  return (
    <>
      <header className="dw-request-head">
        <h2>{request.title}</h2>
        <StatusBadge request={request} />
        <span className="dw-grow" />
        {open && <Decisions request={request} comment={text} act={act} />}
      </header>
      <Origin request={request} />
      {request.status === "merged" && (
        <p className="dw-request-outcome">
          <b>{t("changes.approvedBy", { names: approversOf(request, t) })}</b> {t("changes.planOnly")}
        </p>
      )}
      {open && request.mayNotApprove !== undefined && (
        <p className="dw-note">
          {t("changes.mayNotApprove", { why: whyNotApprove(request, t) })}
          {request.mayNotApproveCode === "author" && !isComplete(request) && <AskOther />}
        </p>
      )}
      {open && request.mayNotApprove === undefined && isAuthor && !isComplete(request) && (
        <p className="dw-note">{t("changes.solo.own")}</p>
      )}
      {open && request.stale && <p className="dw-note">{t("changes.staleText")}</p>}
      {request.conflicts.map((conflict) => (
        <p key={conflict} className="dw-note is-trouble">
          {conflict}
        </p>
      ))}
      {request.text !== "" && <p>{request.text}</p>}
      <div className="dw-request-columns">
        <div className="dw-request-main">
          {open && <AccessChangesCard request={request} />}
          <Proposed request={request} />
          {request.realised !== undefined && <RealisedCard realised={request.realised} />}
          {studio.views.of(requestEvidence).map((evidence) => (
            <ViewOutlet key={evidence.id} view={evidence} at={request.id} props={{ request }} />
          ))}
        </div>
        <div className="dw-request-side">
          {open && <ClassesCard classes={request.classes ?? []} />}
          <Approvals request={request} />
          <Talk request={request} text={text} onText={setText} act={act} />
        </div>
      </div>
    </>
  );
}

/** What its author does next: somebody else has to open it. */
function AskOther(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const copy = (): void => {
    const link = studio.address.link({});
    const done = navigator.clipboard?.writeText(link) ?? Promise.reject(new Error("no clipboard"));
    // browsers give the clipboard only to pages they hold for safe: then it is shown, to be copied by hand
    void done.then(
      () => studio.notify("plain", t("changes.linkCopied"), link),
      () => studio.notify("plain", t("changes.linkByHand"), link),
    );
  };
  return (
    <>
      {". "}
      {t("changes.askOther")}{" "}
      <UnstyledButton className="dw-text-link" onClick={copy}>
        {t("changes.copyLink")}
      </UnstyledButton>
    </>
  );
}

/** Id of the person of this window; undefined while the server is away. */
function selfOf(state: LiveState): string | undefined {
  return state.kind === "online" ? state.self.id : undefined;
}

function isOpen({ status }: MergeRequestDetail): boolean {
  return status === "open" || status === "approved";
}

function whyNotApprove({ mayNotApproveCode: code, mayNotApprove = "" }: MergeRequestDetail, t: Translate): string {
  return code === undefined || code === "forbidden" ? mayNotApprove : t(`changes.why.${code}`);
}

function whyNotMerge(request: MergeRequestDetail, t: Translate): string | undefined {
  if (request.conflicts.length > 0) return t("changes.conflicted");
  if (request.stale) return t("changes.staleText");
  if (request.classes?.some(({ missing, authorMayNot }) => missing > 0 || authorMayNot)) return t("changes.classes.notMet");
  return isComplete(request) ? undefined : t("changes.needsApproval");
}

/** What may be decided; a rejection says why. */
function Decisions({
  request,
  comment,
  act,
}: {
  readonly request: MergeRequestDetail;
  readonly comment: string;
  readonly act: (run: Promise<unknown>) => void;
}): ReactNode {
  const { client, state } = useStudio();
  const { t } = useWords();
  const self = selfOf(useStore(state));
  const mayNotMerge = whyNotMerge(request, t);
  return (
    <>
      <Tooltip label={t("changes.rejectHint")}>
        <Button variant="default" size="sm" disabled={comment.trim() === ""} onClick={() => act(client.reject(request.id, comment))}>
          {t("changes.reject")}
        </Button>
      </Tooltip>
      <Tooltip label={whyNotApprove(request, t)} disabled={request.mayNotApprove === undefined}>
        <Button
          variant="default"
          size="sm"
          disabled={request.mayNotApprove !== undefined || !mayStillApprove(request, self)}
          onClick={() => act(client.approve(request.id, { diffHash: request.diffHash, resultHash: request.resultHash }))}
        >
          {t("changes.approve")}
        </Button>
      </Tooltip>
      <Tooltip label={mayNotMerge ?? ""} disabled={mayNotMerge === undefined}>
        <Button size="sm" disabled={mayNotMerge !== undefined} onClick={() => act(client.merge(request.id))}>
          {t("changes.merge")}
        </Button>
      </Tooltip>
    </>
  );
}

/** Who proposed it, when, on which branch; and who merged it. */
function Origin({ request }: { readonly request: MergeRequestDetail }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { merged } = request;
  // with accounts the server knows who wrote it
  const session = useLoad((signal) => studio.client.session({ signal }), []);
  const isUnverified = session.value === undefined ? session.kind === "failed" : !session.value.accounts;
  // what the request rests on, with its line
  const run = request.results[0]?.run;
  return (
    <>
      <p className="dw-quiet">
        {request.author.name}
        {isUnverified && ` (${t("frame.unverified")})`} · {momentText(request.createdAt, zone, language, false)} ·{" "}
        <UnstyledButton
          className="dw-text-link"
          onClick={() =>
            studio.address.go({
              branch: request.branch,
              detail: undefined,
              ...(run === undefined ? { view: "assets" } : { view: "decide", run: run.id }),
            })
          }
        >
          {request.branchName}
        </UnstyledButton>
      </p>
      {merged !== undefined && (
        <p className="dw-quiet">
          {t("changes.mergedBy", { name: merged.name, moment: momentText(merged.at, zone, language, false) })} ·{" "}
          <UnstyledButton
            className="dw-text-link"
            onClick={() => studio.address.go({ branch: LIVE, view: "changes", detail: `r${merged.revision}` })}
          >
            {t("changes.revision", { revision: merged.revision })}
          </UnstyledButton>
        </p>
      )}
    </>
  );
}

function Proposed({ request }: { readonly request: MergeRequestDetail }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <Card
      title={t(request.merged === undefined ? (isOpen(request) ? "changes.diff" : "changes.diffProposed") : "changes.diffMerged")}
      note={t("changes.planned", { owner: request.planned.owner, date: plannedDateText(request.planned.effectiveFrom, zone, language) })}
    >
      <DiffGroups lines={request.diff} />
      <p className="dw-fine">{request.planned.action}</p>
    </Card>
  );
}

function Approvals({ request: { approvals } }: { readonly request: MergeRequestDetail }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <Card title={t("changes.approvals")}>
      {approvals.length === 0 && <p className="dw-quiet">{t("changes.noApprovals")}</p>}
      {approvals.map((approval) => (
        <p key={approval.at}>
          {approval.name} · {momentText(approval.at, zone, language, false)}{" "}
          {approval.solo === true && <span className="dw-badge">{t("changes.solo.badge")}</span>}{" "}
          {!approval.valid && <span className="dw-badge">{t("changes.void")}</span>}
        </p>
      ))}
    </Card>
  );
}

function Talk({
  request,
  text,
  onText,
  act,
}: {
  readonly request: MergeRequestDetail;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly act: (run: Promise<unknown>) => void;
}): ReactNode {
  const { client } = useStudio();
  const { t, language, zone } = useWords();
  return (
    <Card title={t("changes.talk")}>
      {request.comments.map((comment) => (
        <p key={comment.at} className="dw-comment">
          <b>{comment.name}</b> <small>{momentText(comment.at, zone, language, false)}</small>
          {`\n${comment.text}`}
        </p>
      ))}
      <Textarea
        rows={3}
        placeholder={t("changes.commentHint")}
        aria-label={t("changes.comment")}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <div className="dw-dialog-foot">
        <Button variant="default" size="sm" disabled={text.trim() === ""} onClick={() => act(client.comment(request.id, text))}>
          {t("changes.comment")}
        </Button>
      </div>
    </Card>
  );
}
