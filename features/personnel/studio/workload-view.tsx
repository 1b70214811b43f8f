import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  DataTable,
  Empty,
  Failure,
  inLanguage,
  NotReadAgain,
  fixedText,
  useLoad,
  useScope,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { ShownLoad, Workload } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { TaskFields } from "../model/task-kind.ts";
import { DayHead } from "./roster-view.tsx";
import { TaskDialog } from "./task-dialog.tsx";
import { KINDS, useDay } from "./use-day.ts";

type Shift = Workload["shifts"][number];
type Load = ShownLoad["loads"][number];
type Row = Load & { readonly station: ShownLoad; readonly isFirst: boolean };

/** Load of stations by what is lifted there, shift by shift; the highest first. */
export function WorkloadView(): ReactNode {
  const { branch } = useScope();
  const { t } = useWords();
  const { day, at, choose } = useDay();
  const [edited, setEdited] = useState<TaskFields | "new">();
  const loaded = useLoad(
    {
      key: ["GET /personnel/workload", branch, day, at],
      run: ({ client }, signal) => calls.workload(client, { query: { branch, date: day, ...(at !== undefined && { t: at }) } }, { signal }),
      changedBy: { kinds: [...KINDS, "handlingTask"] },
    },
    { everyMs: () => (at === undefined ? 30_000 : undefined) },
  );
  const workload = loaded.value;
  return (
    <>
      <DayHead day={day} onDay={choose}>
        <span className="dw-grow" />
        {workload?.isKeeper === true && (
          <Button size="sm" variant="default" onClick={() => setEdited("new")}>
            {t("personnel.addTask")}
          </Button>
        )}
      </DayHead>
      {workload === undefined && loaded.kind === "failed" && (
        <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
      )}
      {workload === undefined && loaded.kind !== "failed" && <Waiting />}
      {workload !== undefined && (
        <>
          <NotReadAgain loaded={loaded} />
          {workload.tasks.length === 0 && <Empty title={t("personnel.noTasks")} text={t("personnel.noTasksText")} />}
          {workload.tasks.length > 0 && workload.shifts.length === 0 && (
            <Empty title={t("personnel.noRoster")} text={t("personnel.noRosterText")} />
          )}
          {workload.tasks.length > 0 && <p className="dw-note">{`${t("personnel.workloadNote")} ${t("personnel.whatIf")}`}</p>}
          {workload.tasks.length > 0 &&
            workload.shifts.map((shift) => <Loads key={shift.shift} shift={shift} workload={workload} onEdit={setEdited} />)}
        </>
      )}
      {edited !== undefined && (
        <TaskDialog {...(edited !== "new" && { task: edited })} onClose={() => setEdited(undefined)} onStored={loaded.reload} />
      )}
    </>
  );
}

function Loads({
  shift,
  workload,
  onEdit,
}: {
  readonly shift: Shift;
  readonly workload: Workload;
  readonly onEdit: (task: TaskFields) => void;
}): ReactNode {
  const { t } = useWords();
  const rows = shift.stations
    .toSorted((a, b) => (b.range ?? 0) - (a.range ?? 0))
    .flatMap((station) => station.loads.map((load, at): Row => ({ ...load, station, isFirst: at === 0 })));
  const taskOf = ({ task, station }: Row): TaskFields | undefined =>
    workload.tasks.find((each) => each.task === task && each.station === station.station);
  return (
    <Card title={shift.shift} {...(shift.isRunning && { note: t("personnel.workloadRunning") })}>
      <DataTable
        caption={shift.shift}
        columns={useColumns()}
        rows={rows}
        keyOf={({ task, station }) => `${station.station} ${task}`}
        {...(workload.isKeeper && {
          onChoose: (row: Row) => {
            const task = taskOf(row);
            if (task !== undefined) onEdit(task);
          },
        })}
      />
      {shift.stations.some(({ isWhole }) => !isWhole) && <p className="dw-note">{t("personnel.onlyRange")}</p>}
    </Card>
  );
}

function useColumns(): readonly Column<Row>[] {
  const { t, language } = useWords();
  return [
    {
      title: t("personnel.place"),
      cell: ({ station }) => (
        <>
          <b>{station.station}</b>{" "}
          <small>
            {station.pieces === undefined
              ? t("personnel.peopleOf", { people: station.people, hours: fixedText(station.hours, 1) })
              : t("personnel.piecesOf", { pieces: station.pieces, people: station.people, hours: fixedText(station.countedHours, 1) })}
          </small>
        </>
      ),
      sortBy: ({ station }) => station.station,
    },
    {
      title: t("personnel.column.task"),
      cell: ({ title, method, perHour }) => (
        <>
          {inLanguage(title, language)}{" "}
          <small>
            {t(`personnel.method.${method}`)}
            {perHour !== undefined && ` · ${t("personnel.times", { count: fixedText(perHour, 0) })}`}
          </small>
        </>
      ),
    },
    { title: t("personnel.range"), cell: (load) => <Range load={load} />, sortBy: ({ range }) => range, sortsFirst: "descending" },
    { title: t("personnel.result"), cell: (load) => <Result load={load} />, sortBy: ({ value }) => value },
    {
      title: t("personnel.mostly"),
      cell: ({ factor, factorValue }) =>
        factor === undefined
          ? "–"
          : `${t(`personnel.factor.${factor as "HM"}`)}${factorValue === undefined ? "" : ` ${fixedText(factorValue, 2)}`}`,
    },
  ];
}

function Range({ load: { range } }: { readonly load: Row }): ReactNode {
  const { t } = useWords();
  if (range === undefined) return <span className="dw-load-range is-unknown">{t("personnel.range.unknown")}</span>;
  return <span className={`dw-load-range is-${range}`}>{t(`personnel.range.${range as 1}`)}</span>;
}

function Result({ load: { method, value, rwlKg, missing, range, isFirst, station } }: { readonly load: Row }): ReactNode {
  const { t } = useWords();
  if (missing !== undefined) {
    const names = missing.map((name) =>
      name === "pieces" || name === "people" || name === "fromKg"
        ? t(`personnel.missing.${name}`)
        : t(`personnel.column.${name as "weightKg"}`),
    );
    return <span className="dw-load-missing">{t("personnel.missingInputs", { names: names.join(", ") })}</span>;
  }
  if (!station.isWhole) return "–";
  const own =
    method === "kimLhc"
      ? t("personnel.value.kimLhc", { value: fixedText(value ?? 0, 1) })
      : value === undefined
        ? t(range === undefined ? "personnel.range.unknown" : "personnel.value.beyond")
        : t("personnel.value.niosh", { value: fixedText(value, 2), limit: fixedText(rwlKg ?? 0, 1) });
  return (
    <>
      {own}
      {isFirst && station.composite !== undefined && (
        <small> {t("personnel.value.composite", { value: fixedText(station.composite, 2) })}</small>
      )}
    </>
  );
}
