import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ListedJob } from "@doppelwerk/client";
import {
  Card,
  DataTable,
  Empty,
  Failure,
  messageText,
  momentText,
  NotReadAgain,
  useStudio,
  useTask,
  useWords,
  TaskProblem,
} from "@doppelwerk/ui";
import type { Column } from "@doppelwerk/ui";
import { isUnderWay, useJobs } from "./use-jobs.ts";

/** So many jobs that have ended are shown. */
const SHOWN_ENDED = 10;

/** Every long computation of the world: how far it is, how it ended, and a way to cancel it. */
export default function JobsCard(): ReactNode {
  const { t } = useWords();
  const jobs = useJobs();
  const [isWhole, setIsWhole] = useState(false);
  if (jobs.value === undefined)
    return (
      <Card title={t("settings.jobs")}>
        {jobs.kind === "failed" ? (
          <Failure message={jobs.message} code={jobs.code} onRetry={jobs.reload} />
        ) : (
          <p className="dw-fine">{t("frame.loading")}</p>
        )}
      </Card>
    );
  const underWay = jobs.value.filter(isUnderWay);
  const ended = jobs.value.filter((job) => !isUnderWay(job));
  const shown = [...underWay, ...(isWhole ? ended : ended.slice(0, SHOWN_ENDED))];
  return (
    <Card title={t("settings.jobs")} note={t("settings.jobsUnderWay", { count: underWay.length })}>
      <NotReadAgain loaded={jobs} />
      {shown.length === 0 ? (
        <Empty title={t("settings.noJobs")} text={t("settings.noJobsText")} />
      ) : (
        <JobTable jobs={shown} onCancelled={jobs.reload} />
      )}
      {ended.length > SHOWN_ENDED && (
        <p className="dw-jobs-foot">
          <Button size="sm" variant="default" onClick={() => setIsWhole(!isWhole)}>
            {isWhole ? t("settings.fewerJobs") : t("settings.allJobs", { count: ended.length - SHOWN_ENDED })}
          </Button>
        </p>
      )}
    </Card>
  );
}

function JobTable({ jobs, onCancelled }: { readonly jobs: readonly ListedJob[]; readonly onCancelled: () => void }): ReactNode {
  const { t, zone, language } = useWords();
  const columns: readonly Column<ListedJob>[] = [
    { title: t("settings.job"), cell: ({ kind, title }) => messageText(kind, title), hint: ({ id }) => id },
    { title: t("settings.jobStarted"), cell: ({ startedAt, enqueuedAt }) => momentText(startedAt ?? enqueuedAt, zone, language) },
    { title: t("settings.jobState"), cell: (job) => <JobState job={job} /> },
    { title: "", cell: (job) => isUnderWay(job) && job.isFixed !== true && <CancelJob job={job} onCancelled={onCancelled} /> },
  ];
  return <DataTable caption={t("settings.jobs")} className="dw-jobs" columns={columns} rows={jobs} keyOf={({ id }) => id} />;
}

function JobState({ job: { state, progress, message, reason, resumed } }: { readonly job: ListedJob }): ReactNode {
  const { t } = useWords();
  if (state === "running")
    return (
      <span className="dw-job-progress">
        <span className="dw-meter" role="progressbar" aria-valuenow={Math.floor(progress * 100)} aria-label={t("settings.jobState")}>
          <i style={{ width: `${progress * 100}%` }} />
        </span>
        {Math.floor(progress * 100)} %{resumed > 0 && <small> {t("settings.jobResumed", { count: resumed })}</small>}
      </span>
    );
  return (
    <>
      {t(`settings.jobState.${state}`)}
      {message !== undefined && <small className="dw-job-why"> {messageText(message, reason)}</small>}
    </>
  );
}

function CancelJob({ job: { id }, onCancelled }: { readonly job: ListedJob; readonly onCancelled: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask();
  const cancel = (): void =>
    task.run(async () => {
      await studio.client.cancelJob(id);
      onCancelled();
    });
  return (
    <>
      <TaskProblem task={task} />
      <Button size="compact-sm" variant="default" disabled={task.busy} onClick={cancel}>
        {t("settings.cancelJob")}
      </Button>
    </>
  );
}
