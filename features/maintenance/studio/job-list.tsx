import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  Card,
  DataTable,
  Empty,
  Failure,
  inLanguage,
  useLoad,
  useScope,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import type { JobFields } from "../model/job-kind.ts";
import { JobDialog } from "./job-dialog.tsx";

/** Job plans of the branch: they also go out and in as a list, CSV or Excel. */
export function JobList(): ReactNode {
  const { branch } = useScope();
  const { t, language } = useWords();
  const loaded = useLoad(answerOf(calls.jobs, { query: { branch } }, { kinds: ["maintenanceJob"] }));
  const [edited, setEdited] = useState<JobFields | "new" | undefined>(undefined);
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const columns: readonly Column<JobFields>[] = [
    { title: t("maintenance.column.code"), cell: ({ code }) => <b>{code}</b>, sortBy: ({ code }) => code },
    { title: t("maintenance.what"), cell: ({ title }) => inLanguage(title, language) },
    { title: t("maintenance.steps"), isNumber: true, cell: ({ steps }) => steps.length },
    { title: t("maintenance.lockOut"), isNumber: true, cell: ({ lockOut }) => lockOut.length },
    { title: t("maintenance.parts"), isNumber: true, cell: ({ parts }) => parts.length },
    {
      title: t("maintenance.minutes"),
      isNumber: true,
      cell: ({ minutes }) => (minutes === undefined ? "–" : t("maintenance.inMinutes", { minutes })),
    },
  ];
  const add = (
    <Button variant="default" size="compact-md" onClick={() => setEdited("new")}>
      {t("maintenance.addJob")}
    </Button>
  );
  return (
    <>
      {loaded.value.length === 0 ? (
        <Empty title={t("maintenance.noJobs")} text={t("maintenance.noJobsText")}>
          {add}
        </Empty>
      ) : (
        <Card title={t("maintenance.jobs")} note={add}>
          <DataTable
            caption={t("maintenance.jobs")}
            columns={columns}
            rows={loaded.value}
            keyOf={({ code }) => code}
            onChoose={setEdited}
          />
        </Card>
      )}
      {edited !== undefined && (
        <JobDialog
          {...(edited !== "new" && { job: edited })}
          branch={branch}
          onClose={() => setEdited(undefined)}
          onStored={loaded.reload}
        />
      )}
    </>
  );
}
