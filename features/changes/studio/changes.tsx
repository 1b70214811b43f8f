import * as calls from "../calls.ts";
import { Button, UnstyledButton } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Fragment, useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { MergeRequest } from "@doppelwerk/client";
import {
  ScrollRegion,
  Card,
  Empty,
  Failure,
  answerOf,
  branchHue,
  momentText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { LogLineView } from "./log-line.tsx";
import { beginOf, logSpanOf, type LogSpan } from "./log-span.ts";
import { LogTools } from "./log-tools.tsx";
import { LOG_PAGE, logReaching, knownAt } from "./log-reach.ts";
import { approversOf } from "./approvers.ts";
import { RequestBody } from "./request-body.tsx";
import { StatusBadge } from "./status-badge.tsx";
import "./changes.css";

/** The record of what was decided: merge requests and the log of every change. */
export default function Changes(): ReactNode {
  const studio = useStudio();
  const { detail } = useStore(studio.address.store);
  if (detail !== undefined && !/^(r\d+$|since:)/.test(detail)) return <MergeRequestPage id={detail} />;
  return <ChangesOverview revision={detail?.startsWith("r") === true ? Number(detail.slice(1)) : undefined} span={logSpanOf(detail)} />;
}

function ChangesOverview({ revision, span }: { readonly revision: number | undefined; readonly span: LogSpan }): ReactNode {
  return (
    <div className="dw-page dw-changes">
      <Requests />
      <Log revision={revision} span={span} />
    </div>
  );
}

function Requests(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const requests = useLoad(answerOf(calls.requests, {}), { again: commits });
  return (
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
        <Failure message={requests.message} code={requests.code} onRetry={requests.reload} />
      ) : requests.value?.length === 0 ? (
        <Empty title={t("changes.noRequests")} text={t("changes.noRequestsText")} />
      ) : (
        <ScrollRegion label={t("changes.requests")}>
          {requests.value === undefined && <p className="dw-quiet">{t("frame.loading")}</p>}
          {(requests.value ?? []).map((request) => (
            <RequestLine key={request.id} request={request} />
          ))}
        </ScrollRegion>
      )}
    </Card>
  );
}

/** Every change, or those since a day: how many they are, and of each who made it and why. */
function Log({ revision, span }: { readonly revision: number | undefined; readonly span: LogSpan }): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, zone } = useWords();
  const commits = useStore(studio.commits);
  const held = useStore(time.shown);
  const since = beginOf(span, studio.now(), zone);
  // A page reaches far: dragging within one asks for nothing.
  const [heldReach, setReach] = useState<number | undefined>(undefined);
  const reach = heldReach === undefined ? since : since === undefined ? heldReach : Math.min(heldReach, since);
  const log = useLoad(
    (signal) =>
      logReaching((before) => studio.client.log({ limit: LOG_PAGE, ...(before === undefined ? {} : { before }) }, { signal }), reach),
    [commits, reach],
  );
  const entries = log.value?.filter(({ at }) => since === undefined || at >= since);
  const oldest = log.value?.at(-1);
  useEffect(() => {
    if (
      held !== undefined &&
      oldest !== undefined &&
      oldest.at > held &&
      oldest.revision > 1 &&
      (heldReach === undefined || heldReach > held)
    )
      setReach(held);
  }, [held, oldest, heldReach]);
  const { isPast, stood } = knownAt(entries ?? [], held);
  useEffect(() => {
    const at = revision ?? stood;
    if (at !== undefined && log.value !== undefined)
      document.getElementById(`r${at}`)?.scrollIntoView({ block: revision === undefined ? "nearest" : "center" });
  }, [revision, stood, log.value]);
  // the log goes on behind what was read of it
  const isWhole = oldest === undefined || oldest.revision <= 1 || (since !== undefined && oldest.at < since);
  return (
    <Card title={t("changes.log")} note={t("changes.logNote")} className="dw-log-card">
      <LogTools span={span} since={since} count={entries?.length} isWhole={isWhole} />
      {log.kind === "failed" ? (
        <Failure message={log.message} code={log.code} onRetry={log.reload} />
      ) : (
        <ScrollRegion label={t("changes.log")}>
          {entries === undefined && <p className="dw-quiet">{t("frame.loading")}</p>}
          {(entries ?? []).map((entry) => (
            <Fragment key={`${entry.revision} ${entry.revision === revision}`}>
              {held !== undefined && isPast && entry.revision === stood && <HeldMark instant={held} />}
              <LogLineView entry={entry} opened={entry.revision === revision} isLater={held !== undefined && entry.at > held} />
            </Fragment>
          ))}
          {held !== undefined && isPast && stood === undefined && <HeldMark instant={held} />}
          {entries?.length === 0 && <Empty title={t(since === undefined ? "changes.noLog" : "changes.noneSince")} />}
        </ScrollRegion>
      )}
    </Card>
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
        {request.status === "merged" && (
          <small className="dw-request-outcome">
            {t("changes.approvedBy", { names: approversOf(request, t) })} {t("changes.planOnly")}
          </small>
        )}
      </span>
      <StatusBadge request={request} />
    </UnstyledButton>
  );
}

function MergeRequestPage({ id }: { readonly id: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const rail = useStore(studio.rail);
  const loaded = useLoad(answerOf(calls.request, { params: { id } }), { again: commits });
  const back = (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={<IconArrowLeft size={14} />}
      onClick={() => studio.address.go({ detail: undefined })}
    >
      {t("changes.view.changes")}
    </Button>
  );
  if (loaded.kind === "failed" && loaded.value === undefined) {
    return (
      <div className="dw-page dw-request-page">
        {back}
        <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
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
