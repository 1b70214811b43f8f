import { ActionIcon, Button, FileButton, NumberInput, SegmentedControl, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconFileUpload,
  IconGitFork,
  IconLock,
  IconLockOpen,
  IconZoomIn,
  IconZoomOut,
  IconZoomScan,
} from "@tabler/icons-react";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { LineSchedule } from "@doppelwerk/client";
import {
  bestDispatch,
  figuresOf,
  gapOf,
  readScheduleFile,
  scheduleBound,
  scheduleFindings,
  type EditRefusal,
  type ScheduleEdit,
  type ScheduleGoal,
  type SchedulePlan,
  type ScheduleProblem,
} from "@doppelwerk/sim/optimise";
import {
  ActionButton,
  Card,
  Empty,
  Failure,
  Waiting,
  errorText,
  fixedText,
  useLoad,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { deltaText, spanText } from "./gantt-scale.ts";
import { Figure } from "./figure.tsx";
import { Gantt } from "./gantt.tsx";
import { OptimiseHead } from "./optimise-head.tsx";
import { ScheduleTrialCard } from "./schedule-trial-card.tsx";
import { SearchBar } from "./search-bar.tsx";
import { useKeep, useSearch } from "./use-search.ts";
import { usePlan } from "./use-plan.ts";
import * as simulate from "../../calls.ts";

/** Orders of the line, or a file on trial, as a Gantt chart that can be searched, dragged, tried out, and put on a branch. */
export function SchedulePage({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [count, setCount] = useState<number>(12);
  const [file, setFile] = useState<ScheduleProblem | undefined>(undefined);
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  const line = useLoad(
    (signal) =>
      simulate.readSchedule(studio.client, { params: { branch }, query: { orders: count } }, { signal }).catch((error: unknown) => {
        // no line, or no orders: nothing is wrong
        if (error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND") return undefined;
        throw error;
      }),
    [branch, count],
  );
  const search = useSearch("schedule");
  const asked = search.wish?.what === "schedule" ? (search.wish.problem as ScheduleProblem) : undefined;
  const restored = useRef<string | undefined>(undefined);
  // a search that is found again brings its problem along, unless the line still has it
  useEffect(() => {
    if (asked === undefined || line.kind === "loading" || restored.current === search.state?.id) return;
    restored.current = search.state?.id;
    const own = file ?? (line.value?.problem as ScheduleProblem | undefined);
    if (own === undefined || !sameOperations(own, asked)) setFile(asked);
  }, [asked, file, line, search.state?.id]);
  const open = (picked: File | null): void => {
    if (picked === null) return;
    void picked.text().then((text) => {
      try {
        setFile(readScheduleFile(text, picked.name.replace(/\.\w+$/, "")));
        setTrouble(undefined);
      } catch (error) {
        setTrouble(errorText(error));
      }
    });
  };
  const source = file === undefined ? line.value : undefined;
  const problem = file ?? (line.value?.problem as ScheduleProblem | undefined);
  const orders = (
    <Card
      title={t("simulate.optimise.gantt.source")}
      note={
        file !== undefined
          ? t("simulate.optimise.gantt.fromFile")
          : source === undefined
            ? ""
            : t(source.source === "documents" ? "simulate.optimise.gantt.fromDocuments" : "simulate.optimise.gantt.fromProgram")
      }
    >
      {source?.source === "program" && <p className="dw-fine">{t("simulate.optimise.gantt.fromProgramText")}</p>}
      <div className="dw-wish-foot">
        {file === undefined ? (
          source?.source === "program" && (
            <NumberInput
              size="xs"
              label={t("simulate.optimise.gantt.count")}
              value={count}
              min={1}
              max={60}
              w={90}
              onChange={(value) => value !== "" && setCount(Number(value))}
            />
          )
        ) : (
          <Button size="xs" variant="default" onClick={() => setFile(undefined)}>
            {t("simulate.optimise.gantt.fromLine")}
          </Button>
        )}
        <FileButton onChange={open} accept=".txt,.fjs,.jsp,.dat,text/plain">
          {(props) => (
            <Button {...props} size="xs" variant="default" leftSection={<IconFileUpload size={15} />}>
              {t("simulate.optimise.gantt.openFile")}
            </Button>
          )}
        </FileButton>
      </div>
      <p className="dw-fine">{t("simulate.optimise.gantt.fileText")}</p>
      {trouble !== undefined && (
        <p className="dw-note is-trouble" role="alert">
          {t("simulate.optimise.gantt.badFile")}: {trouble}
        </p>
      )}
    </Card>
  );
  // a file that is chosen while the page still changes under it would be lost
  if (problem === undefined && line.kind === "loading") return <Waiting />;
  if (problem === undefined)
    return (
      <div className="dw-page dw-decide dw-optimise">
        <div className="dw-decide-left">
          <OptimiseHead kind="schedule" />
          {orders}
        </div>
        <div className="dw-decide-right">
          {line.kind === "failed" && <Failure message={line.message} onRetry={line.reload} />}
          {line.kind === "ready" && <Empty title={t("simulate.optimise.gantt.emptyTitle")} text={t("simulate.optimise.gantt.emptyText")} />}
        </div>
      </div>
    );
  return (
    <Planned
      key={`${branch} ${file?.title ?? count} ${JSON.stringify(problem).length}`}
      branch={branch}
      given={problem}
      source={source}
      orders={orders}
      search={search}
    />
  );
}

const EFFORT = 60_000;

interface PlannedProps {
  readonly branch: string;
  readonly given: ScheduleProblem;
  readonly source: LineSchedule | undefined;
  readonly orders: ReactNode;
  readonly search: ReturnType<typeof useSearch>;
}

function Planned({ branch, given, source, orders, search }: PlannedProps): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const [dues, setDues] = useState<Readonly<Record<string, number>>>({});
  const problem = useMemo(
    (): ScheduleProblem => ({
      ...given,
      jobs: given.jobs.map((job) => (dues[job.id] === undefined ? job : { ...job, due: dues[job.id]! })),
    }),
    [given, dues],
  );
  const first = useMemo(() => bestDispatch(given, "makespan"), [given]);
  const state = usePlan(problem, first);
  const [goal, setGoal] = useState<ScheduleGoal>("makespan");
  const [by, setBy] = useState<"machine" | "job">("machine");
  const [zoom, setZoom] = useState<number | undefined>(undefined);
  const [selected, setSelected] = useState<number | undefined>(undefined);
  const [preview, setPreview] = useState<ScheduleEdit | EditRefusal | undefined>(undefined);
  const [told, setTold] = useState("");
  const asked = search.wish?.what === "schedule" ? (search.wish.problem as ScheduleProblem) : undefined;
  const line = useStore(studio.line);
  const title = source === undefined || line === undefined ? problem.title : line.name[language];
  const searched = asked !== undefined && sameOperations(asked, given) ? search.state : undefined;
  const keep = useKeep("schedule");
  const { ref: scroll, width: roomWidth } = useElementSize<HTMLDivElement>();
  const taken = useRef<string | undefined>(undefined);
  const { figures, planned } = state;
  const start = source?.start ?? 0;
  const unit = problem.unit;

  // a plan that was found is taken once, as a step that can be undone
  useEffect(() => {
    const found = searched;
    if (found?.solution === undefined || (found.state !== "done" && found.state !== "cancelled") || taken.current === found.id) return;
    taken.current = found.id;
    state.take(found.solution as SchedulePlan);
  });
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (
        !(event.ctrlKey || event.metaKey) ||
        event.key.toLowerCase() !== "z" ||
        (event.target as HTMLElement).closest("input, textarea") !== null
      )
        return;
      event.preventDefault();
      if (event.shiftKey) state.redo();
      else state.undo();
    };
    window.addEventListener("keydown", key);
    return () => window.removeEventListener("keydown", key);
  });

  const bound = useMemo(() => scheduleBound(problem, goal), [problem, goal]);
  const provenBound = Math.max(
    bound,
    goal === "makespan" &&
      searched?.lowerBound !== undefined &&
      sameOperations(asked!, given, "times") &&
      Object.keys(state.plan.locked).length === 0
      ? searched.lowerBound
      : 0,
  );
  const value = goal === "makespan" ? figures.makespan : figures.lateness;
  const gap = gapOf(value, Math.min(provenBound, value));
  const end = Math.max(figures.makespan, ...problem.jobs.map(({ due }) => due ?? 0)) * 1.02;
  // less what the chart leaves behind the last bar
  const fit = Math.max(1e-6, ((roomWidth > 0 ? roomWidth : 700) - 26) / Math.max(1, end));
  const perUnit = zoom ?? fit;
  const shownFigures = preview !== undefined && typeof preview !== "string" ? figuresOf(state.index, preview.planned) : undefined;
  const broken = useMemo(
    () => (Object.keys(state.plan.locked).length === 0 ? [] : scheduleFindings(problem, planned, state.plan.locked)),
    [problem, planned, state.plan.locked],
  );
  const changeText =
    preview === undefined
      ? ""
      : typeof preview === "string"
        ? t(`simulate.optimise.gantt.refused.${preview}`)
        : shownFigures!.makespan === figures.makespan && shownFigures!.lateness === figures.lateness
          ? t("simulate.optimise.gantt.same")
          : t("simulate.optimise.gantt.delta", {
              makespan: deltaText(shownFigures!.makespan - figures.makespan, unit),
              lateness: deltaText(shownFigures!.lateness - figures.lateness, unit),
            });
  const hasDues = problem.jobs.some(({ due }) => due !== undefined);
  const isLocked = selected !== undefined && state.plan.locked[selected] !== undefined;
  const put = (): void =>
    void keep(title, branch, (on) =>
      simulate.keepSchedule(studio.client, {
        params: { branch: on },
        body: {
          problem,
          plan: state.plan,
          start,
          ...(source !== undefined && source.orders.length > 0 ? { orders: source.orders } : {}),
        },
      }),
    );
  const refused = (why: EditRefusal): void => {
    setTold(t(`simulate.optimise.gantt.refused.${why}`));
    studio.notify("trouble", t(`simulate.optimise.gantt.refused.${why}`));
  };
  return (
    <div className="dw-page dw-decide dw-optimise">
      <div className="dw-decide-left">
        <OptimiseHead kind="schedule" />
        {orders}
        <Card title={t("simulate.optimise.search.goal")}>
          <div className="dw-wish-foot">
            <SegmentedControl
              size="xs"
              aria-label={t("simulate.optimise.search.goal")}
              value={goal}
              onChange={(next) => setGoal(next as ScheduleGoal)}
              data={(["makespan", "lateness"] as const).map((which) => ({ value: which, label: t(`simulate.optimise.search.${which}`) }))}
            />
          </div>
          {goal === "lateness" && <Dues problem={problem} dues={dues} onChange={setDues} />}
          <div className="dw-solve-course">
            <SearchBar
              state={searched}
              isRunning={search.isRunning}
              disabled={goal === "lateness" && !hasDues}
              onStart={() =>
                search.start({
                  what: "schedule",
                  title: problem.title,
                  problem,
                  goal,
                  seed: 1,
                  iterations: EFFORT,
                  seconds: 120,
                  ...(Object.keys(state.plan.locked).length > 0 || hasDues ? { from: state.plan } : {}),
                })
              }
              onStop={search.stop}
            />
          </div>
        </Card>
        <ScheduleTrialCard branch={branch} state={state} source={source} start={start} />
        <div className="dw-buttons">
          <Button leftSection={<IconGitFork size={16} />} onClick={put}>
            {t(branch === LIVE ? "simulate.optimise.keep.button" : "simulate.optimise.keep.onBranch")}
          </Button>
          {branch !== LIVE && (
            <ActionButton action="changes.propose" variant="default">
              {t("simulate.optimise.keep.propose")}
            </ActionButton>
          )}
        </div>
      </div>
      <div className="dw-decide-right">
        <Card title={title} note={t("simulate.optimise.gantt.help")}>
          <div className="dw-gantt-figures">
            <Figure label={t("simulate.optimise.gantt.makespan")} value={spanText(figures.makespan, unit)} />
            <Figure
              label={t("simulate.optimise.gantt.late")}
              value={
                !hasDues
                  ? t("simulate.optimise.gantt.noDues")
                  : figures.late === 0
                    ? t("simulate.optimise.gantt.inTime")
                    : t("simulate.optimise.gantt.lateSum", { count: figures.late, sum: spanText(figures.lateness, unit) })
              }
            />
            <Figure label={t("simulate.optimise.gantt.bound")} value={goal === "makespan" ? spanText(provenBound, unit) : "–"} />
            <Figure
              label={t("simulate.optimise.gantt.gap")}
              value={goal !== "makespan" ? "–" : gap <= 0 ? t("simulate.optimise.search.proven") : `${fixedText(100 * gap, 1)}\u202f%`}
            />
            {figures.setUp > 0 && <Figure label={t("simulate.optimise.gantt.setUps")} value={spanText(figures.setUp, unit)} />}
          </div>
          <div className="dw-gantt-bar-row">
            <SegmentedControl
              size="xs"
              value={by}
              onChange={(next) => setBy(next as typeof by)}
              data={[
                { value: "machine", label: t("simulate.optimise.gantt.byMachine") },
                { value: "job", label: t("simulate.optimise.gantt.byJob") },
              ]}
            />
            <Tool
              label={t("simulate.optimise.gantt.undo")}
              disabled={!state.canUndo}
              onClick={state.undo}
              icon={<IconArrowBackUp size={16} />}
            />
            <Tool
              label={t("simulate.optimise.gantt.redo")}
              disabled={!state.canRedo}
              onClick={state.redo}
              icon={<IconArrowForwardUp size={16} />}
            />
            <Tool
              label={t(isLocked ? "simulate.optimise.gantt.unlock" : "simulate.optimise.gantt.lockHint")}
              disabled={selected === undefined}
              onClick={() => selected !== undefined && state.lock(selected)}
              icon={isLocked ? <IconLockOpen size={16} /> : <IconLock size={16} />}
            />
            <Tool
              label={t("simulate.optimise.gantt.zoomOut")}
              onClick={() => setZoom(Math.max(fit / 2, perUnit / 1.5))}
              icon={<IconZoomOut size={16} />}
            />
            <Tool
              label={t("simulate.optimise.gantt.zoomIn")}
              onClick={() => setZoom(Math.min(fit * 60, perUnit * 1.5))}
              icon={<IconZoomIn size={16} />}
            />
            <Tool label={t("simulate.optimise.gantt.fit")} onClick={() => setZoom(undefined)} icon={<IconZoomScan size={16} />} />
            <output
              className={`dw-gantt-change ${typeof preview === "string" ? "is-worse" : shownFigures !== undefined && (shownFigures.makespan > figures.makespan || shownFigures.lateness > figures.lateness) ? "is-worse" : "is-better"}`}
            >
              {changeText}
            </output>
            <span className="dw-visually-hidden" role="status">
              {told}
            </span>
          </div>
          {broken.length > 0 && <p className="dw-note is-trouble">{t("simulate.optimise.gantt.lockBroken", { what: broken[0]! })}</p>}
          <Gantt
            state={state}
            by={by}
            scale={{ perUnit, end }}
            scroll={scroll}
            start={start}
            selected={selected}
            onSelect={setSelected}
            onPreview={setPreview}
            onRefused={refused}
          />
        </Card>
      </div>
    </div>
  );
}

function Tool({
  label,
  icon,
  disabled = false,
  onClick,
}: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} disabled={disabled} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

/** Whether a plan of one is a plan of the other: the same orders, operations and machines; a bound holds for the same times only. */
function sameOperations(one: ScheduleProblem, other: ScheduleProblem, what: "choices" | "times" = "choices"): boolean {
  const shape = ({ machines, jobs }: ScheduleProblem): string =>
    JSON.stringify([
      machines.map(({ id }) => id),
      jobs.map(({ id, operations }) => [
        id,
        operations.map(({ choices }) => choices.map(({ machine, time }) => (what === "times" ? [machine, time] : machine))),
      ]),
    ]);
  return shape(one) === shape(other);
}

/** When each order is due, as time from the start. */
function Dues({
  problem,
  dues,
  onChange,
}: {
  readonly problem: ScheduleProblem;
  readonly dues: Readonly<Record<string, number>>;
  readonly onChange: (dues: Readonly<Record<string, number>>) => void;
}): ReactNode {
  const { t } = useWords();
  const scale = problem.unit === "s" ? 3_600 : 1;
  return (
    <div className="dw-dues">
      <p className="dw-fine">{t("simulate.optimise.gantt.dueAfter")}</p>
      {problem.jobs.map(({ id, label, due }) => (
        <div key={id}>
          <span>{label}</span>
          <NumberInput
            size="xs"
            hideControls
            aria-label={t("simulate.optimise.gantt.dueOf", { what: label })}
            placeholder={t("simulate.optimise.gantt.noDue")}
            min={0}
            value={due === undefined ? "" : due / scale}
            onChange={(value) => {
              const { [id]: _gone, ...rest } = dues;
              onChange(value === "" ? rest : { ...rest, [id]: Math.round(Number(value) * scale) });
            }}
          />
        </div>
      ))}
    </div>
  );
}
