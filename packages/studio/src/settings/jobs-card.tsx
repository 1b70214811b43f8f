import type { ReactNode } from "react";
import type { ListedJob } from "@doppelwerk/client";
import { Empty, ListPart, LoadedCard, messageText, momentText, RowActions, useStudio, useWords, type Column } from "@doppelwerk/ui";
import { isUnderWay, useJobs } from "./use-jobs.ts";

/** Every long computation of the world: how far it is, how it ended, and a way to cancel it. */
export default function JobsCard(): ReactNode {
  const { t } = useWords();
  const jobs = useJobs();
  return (
    <LoadedCard
      title={t("settings.jobs")}
      note={(all) => t("settings.job.underWay", { count: all.filter(isUnderWay).length })}
      loaded={jobs}
    >
      {(all) => <Listed jobs={all} onCancelled={jobs.reload} />}
    </LoadedCard>
  );
}

function Listed({ jobs, onCancelled }: { readonly jobs: readonly ListedJob[]; readonly onCancelled: () => void }): ReactNode {
  const { t, zone, language } = useWords();
  const columns: readonly Column<ListedJob>[] = [
    { title: t("settings.job"), cell: ({ kind, title }) => messageText(kind, title), hint: ({ id }) => id },
    { title: t("settings.job.started"), cell: ({ startedAt, enqueuedAt }) => momentText(startedAt ?? enqueuedAt, zone, language) },
    { title: t("settings.jobState"), cell: (job) => <JobState job={job} /> },
    { title: "", cell: (job) => isUnderWay(job) && job.isFixed !== true && <CancelJob job={job} onCancelled={onCancelled} /> },
  ];
  return (
    <ListPart
      caption={t("settings.jobs")}
      columns={columns}
      rows={[...jobs.filter(isUnderWay), ...jobs.filter((job) => !isUnderWay(job))]}
      keyOf={({ id }) => id}
      empty={<Empty title={t("settings.job.none")} text={t("settings.job.noneText")} />}
      textOf={({ kind, title }) => messageText(kind, title)}
    />
  );
}

function JobState({ job: { state, progress, message, reason, resumed } }: { readonly job: ListedJob }): ReactNode {
  const { t } = useWords();
  if (state === "running")
    return (
      <span className="dw-job-progress">
        <span className="dw-meter" role="progressbar" aria-valuenow={Math.floor(progress * 100)} aria-label={t("settings.jobState")}>
          <i style={{ width: `${progress * 100}%` }} />
        </span>
        {Math.floor(progress * 100)} %{resumed > 0 && <small> {t("settings.job.resumed", { count: resumed })}</small>}
      </span>
    );
  return (
    <>
      {t(`settings.jobState.${state}`)}
      {message !== undefined && <small className="dw-row-note"> {messageText(message, reason)}</small>}
    </>
  );
}

function CancelJob({ job: { id }, onCancelled }: { readonly job: ListedJob; readonly onCancelled: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  return <RowActions onDone={onCancelled} actions={[{ label: t("settings.job.cancel"), run: () => client.cancelJob(id) }]} />;
}
