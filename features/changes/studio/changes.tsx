import { Button, Textarea, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Fragment, useEffect, useState } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import type { MergeRequest, MergeRequestDetail } from "@doppelwerk/client";
import {
  requestEvidence,
  Card,
  Empty,
  Failure,
  ViewOutlet,
  branchHue,
  errorText,
  momentText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { DiffGroups } from "./diff-groups.tsx";
import { LogLineView } from "./log-line.tsx";
import { LOG_PAGE, logReaching, standingAt } from "./log-reach.ts";
import { RealisedCard } from "./realised-card.tsx";
import "./changes.css";

/** The record of what was decided: merge requests and the log of every change. */
export default function Changes(): ReactNode {
  const studio = useStudio();
  const { detail } = useStore(studio.address.store);
  if (detail !== undefined && !/^r\d+$/.test(detail)) return <MergeRequestPage id={detail} />;
  return <ChangesOverview revision={detail === undefined ? undefined : Number(detail.slice(1))} />;
}

function ChangesOverview({ revision }: { readonly revision: number | undefined }): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const requests = useLoad((signal) => studio.client.mergeRequests({ signal }), [], undefined, commits);
  const held = useStore(time.shown);
  // A page reaches far: dragging within one asks for nothing.
  const [reach, setReach] = useState<number | undefined>(undefined);
  const log = useLoad(
    (signal) =>
      logReaching((before) => studio.client.log({ limit: LOG_PAGE, ...(before === undefined ? {} : { before }) }, { signal }), reach),
    [commits, reach],
  );
  const oldest = log.value?.at(-1);
  useEffect(() => {
    if (held !== undefined && oldest !== undefined && oldest.at > held && oldest.revision > 1 && (reach === undefined || reach > held))
      setReach(held);
  }, [held, oldest, reach]);
  const { isPast, stood } = standingAt(log.value ?? [], held);
  useEffect(() => {
    const at = revision ?? stood;
    if (at !== undefined && log.value !== undefined)
      document.getElementById(`r${at}`)?.scrollIntoView({ block: revision === undefined ? "nearest" : "center" });
  }, [revision, stood, log.value]);
  return (
    <div className="dw-page dw-changes">
      <Card
        title={t("changes.requests")}
        note={
          requests.value === undefined
            ? ""
            : t("changes.openCount", {
                count: requests.value.filter((request) => request.status === "open" || request.status === "approved").length,
              })
        }
      >
        {requests.kind === "failed" ? (
          <Failure message={requests.message} onRetry={requests.reload} />
        ) : requests.value?.length === 0 ? (
          <Empty title={t("changes.noRequests")} text={t("changes.noRequestsText")} />
        ) : (
          <div className="dw-scroll">
            {requests.value === undefined && <p className="dw-quiet">{t("frame.loading")}</p>}
            {(requests.value ?? []).map((request) => (
              <RequestLine key={request.id} request={request} />
            ))}
          </div>
        )}
      </Card>
      <Card title={t("changes.log")} note={t("changes.logNote")}>
        {log.kind === "failed" ? (
          <Failure message={log.message} onRetry={log.reload} />
        ) : (
          <div className="dw-scroll">
            {log.value === undefined && <p className="dw-quiet">{t("frame.loading")}</p>}
            {(log.value ?? []).map((entry) => (
              <Fragment key={`${entry.revision} ${entry.revision === revision}`}>
                {held !== undefined && isPast && entry.revision === stood && <HeldMark instant={held} />}
                <LogLineView entry={entry} opened={entry.revision === revision} isLater={held !== undefined && entry.at > held} />
              </Fragment>
            ))}
            {held !== undefined && isPast && stood === undefined && <HeldMark instant={held} />}
            {log.value?.length === 0 && <Empty title={t("changes.noLog")} />}
          </div>
        )}
      </Card>
    </div>
  );
}

/** Where the instant shown lies in the log. */
function HeldMark({ instant }: { readonly instant: number }): ReactNode {
  const { t, language, zone } = useWords();
  return <p className="dw-log-held">{t("changes.held", { moment: momentText(instant, zone, language) })}</p>;
}

function RequestLine({ request }: { readonly request: MergeRequest }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const rail = useStore(studio.rail);
  const hue = branchHue(request.branch, rail?.lanes.find((lane) => lane.branch.id === request.branch)?.hue);
  return (
    <UnstyledButton className="dw-request" onClick={() => studio.address.go({ detail: request.id })}>
      <i style={{ background: `var(--dw-${hue})` }} />
      <span>
        <b>{request.title}</b>
        <small>
          {request.author.name} · {momentText(request.createdAt, zone, language, false)}
          {request.comments.length > 0 && ` · ${t("changes.comments", { count: request.comments.length })}`}
        </small>
      </span>
      <StatusBadge request={request} />
    </UnstyledButton>
  );
}

function StatusBadge({ request }: { readonly request: MergeRequest }): ReactNode {
  const { t } = useWords();
  return (
    <span className={`dw-status is-${request.stale && request.status !== "merged" ? "stale" : request.status}`}>
      {request.stale && request.status !== "merged" ? t("changes.stale") : t(`changes.status.${request.status}`)}
    </span>
  );
}

function MergeRequestPage({ id }: { readonly id: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const rail = useStore(studio.rail);
  const loaded = useLoad((signal) => studio.client.mergeRequest(id, { signal }), [id], undefined, commits);
  const back = (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={<IconArrowLeft size={14} />}
      onClick={() => studio.address.go({ detail: undefined })}
    >
      {t("view.changes")}
    </Button>
  );
  if (loaded.kind === "failed" && loaded.value === undefined) {
    return (
      <div className="dw-page dw-request-page">
        {back}
        <Failure message={loaded.message} onRetry={loaded.reload} />
      </div>
    );
  }
  if (loaded.value === undefined)
    return (
      <div className="dw-page dw-request-page">
        {back}
        <div className="dw-request-columns dw-waiting" role="status" aria-label={t("frame.loading")}>
          <div className="dw-request-main">
            <div className="dw-card" />
            <div className="dw-card" />
          </div>
          <div className="dw-request-side">
            <div className="dw-card" />
          </div>
        </div>
      </div>
    );
  const hue = branchHue(loaded.value.branch, rail?.lanes.find((lane) => lane.branch.id === loaded.value?.branch)?.hue);
  return (
    <div className="dw-page dw-request-page" style={{ "--hue": `var(--dw-${hue})` } as never}>
      {back}
      <RequestBody request={loaded.value} reload={loaded.reload} />
    </div>
  );
}

function RequestBody({ request, reload }: { readonly request: MergeRequestDetail; readonly reload: () => void }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const [text, setText] = useState("");
  const act = (run: Promise<unknown>): void => {
    run.then(
      () => {
        setText("");
        reload();
        studio.commits.update((count) => count + 1);
      },
      (error: unknown) => studio.notify("trouble", t("changes.actionFailed"), errorText(error)),
    );
  };
  const open = request.status === "open" || request.status === "approved";
  const { merged } = request;
  const code = request.mayNotApproveCode;
  const whyNotApprove = code === undefined || code === "forbidden" ? (request.mayNotApprove ?? "") : t(`changes.why.${code}`);
  const plannedText = (date: string): string => {
    const millis = Date.parse(date);
    return Number.isNaN(millis) ? date : momentText(millis * 1000, zone, language, false);
  };
  const approved = request.approvals.some((approval) => approval.valid);
  const whyNotMerge =
    request.conflicts.length > 0
      ? t("changes.conflicted")
      : request.stale
        ? t("changes.staleText")
        : !approved
          ? t("changes.needsApproval")
          : undefined;
  return (
    <>
      <header className="dw-request-head">
        <h2>{request.title}</h2>
        <StatusBadge request={request} />
        <span className="dw-grow" />
        {open && (
          <>
            <Tooltip label={t("changes.rejectHint")}>
              <Button variant="default" size="sm" disabled={text.trim() === ""} onClick={() => act(studio.client.reject(request.id, text))}>
                {t("changes.reject")}
              </Button>
            </Tooltip>
            <Tooltip label={whyNotApprove} disabled={request.mayNotApprove === undefined}>
              <Button
                variant="default"
                size="sm"
                disabled={request.mayNotApprove !== undefined || approved}
                onClick={() => act(studio.client.approve(request.id))}
              >
                {t("changes.approve")}
              </Button>
            </Tooltip>
            <Tooltip label={whyNotMerge ?? ""} disabled={whyNotMerge === undefined}>
              <Button size="sm" disabled={whyNotMerge !== undefined} onClick={() => act(studio.client.merge(request.id))}>
                {t("changes.merge")}
              </Button>
            </Tooltip>
          </>
        )}
      </header>
      <p className="dw-quiet">
        {request.author.name} ({t("frame.unverified")}) · {momentText(request.createdAt, zone, language, false)} ·{" "}
        <UnstyledButton
          className="dw-text-link"
          onClick={() =>
            studio.address.go({ branch: request.branch, view: request.results.length === 0 ? "assets" : "decide", detail: undefined })
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
      {open && request.mayNotApprove !== undefined && <p className="dw-note">{t("changes.mayNotApprove", { why: whyNotApprove })}</p>}
      {open && request.stale && <p className="dw-note">{t("changes.staleText")}</p>}
      {request.conflicts.map((conflict) => (
        <p key={conflict} className="dw-note is-trouble">
          {conflict}
        </p>
      ))}
      {request.text !== "" && <p>{request.text}</p>}
      <div className="dw-request-columns">
        <div className="dw-request-main">
          <Card
            title={t(merged === undefined ? (open ? "changes.diff" : "changes.diffProposed") : "changes.diffMerged")}
            note={t("changes.planned", { owner: request.planned.owner, date: plannedText(request.planned.effectiveFrom) })}
          >
            <DiffGroups lines={request.diff} />
            <p className="dw-fine">{request.planned.action}</p>
          </Card>
          {request.realised !== undefined && <RealisedCard realised={request.realised} />}
          {studio.views.of(requestEvidence).map((evidence) => (
            <ViewOutlet key={evidence.id} view={evidence} at={request.id} props={{ request }} />
          ))}
        </div>
        <div className="dw-request-side">
          <Card title={t("changes.approvals")}>
            {request.approvals.length === 0 && <p className="dw-quiet">{t("changes.noApprovals")}</p>}
            {request.approvals.map((approval) => (
              <p key={approval.at}>
                {approval.name} · {momentText(approval.at, zone, language, false)}{" "}
                {!approval.valid && <span className="dw-badge">{t("changes.void")}</span>}
              </p>
            ))}
          </Card>
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
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <div className="dw-dialog-foot">
              <Button
                variant="default"
                size="sm"
                disabled={text.trim() === ""}
                onClick={() => act(studio.client.comment(request.id, text))}
              >
                {t("changes.comment")}
              </Button>
            </div>
          </Card>
        </div>
      </div>
    </>
  );
}
