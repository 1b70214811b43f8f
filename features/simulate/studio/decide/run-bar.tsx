import { ActionIcon, Button, NumberInput, SegmentedControl, Tooltip } from "@mantine/core";
import { IconDice5, IconPlayerStop } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { RunSummary } from "@doppelwerk/client";
import { RELEVANT_SHARE } from "@doppelwerk/sim";
import { messageText, useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import { useKeptState } from "../kept-state.ts";
import { EarlierRuns } from "./earlier-runs.tsx";
import { RunLines, SharedBuffers } from "./run-lines.tsx";
import { replicationsDone, runStarted, type RunProgress } from "./run-progress.ts";
import { editsArrived } from "./edits-arrived.ts";
import { useCurrentRun } from "./use-current-run.ts";
import * as simulate from "../../calls.ts";

/** A run as it is put together; numbers as typed. */
interface RunDraft {
  readonly kind: "forecast" | "study";
  readonly seed: number | string;
  readonly replications: number | string;
  /** Differences below so many percent do not matter. */
  readonly relevantPercent: number | string;
}

const NEW_RUN: RunDraft = { kind: "study", seed: 7, replications: 30, relevantPercent: 100 * RELEVANT_SHARE };

/** Starts runs and shows how far they are: kind, seed and replications are chosen, never hidden. `runs` are the newest first. */
export function RunBar({
  branch,
  runs,
  shown,
  reload,
  lines,
  onLines,
}: {
  readonly branch: string;
  readonly runs: readonly RunSummary[];
  /** Id of the run that is shown. */
  readonly shown: string | undefined;
  readonly reload: () => void;
  /** Ids; empty: the line that the address names. */
  readonly lines: readonly string[];
  readonly onLines: (lines: readonly string[]) => void;
}): ReactNode {
  const studio = useStudio();
  const { line } = useScope();
  const { t } = useWords();
  const [draft, setDraft] = useKeptState(`run ${branch}`, NEW_RUN);
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("simulate.decide.runFailed")));
  const current = useCurrentRun(branch, runs[0]);
  const start = async (): Promise<void> => {
    const { kind, seed, replications, relevantPercent } = draft;
    // what was typed last is part of the run
    await editsArrived(studio.live.documents(branch, ["element"]));
    const which = lines.length > 1 ? { lines: [...lines] } : { line: lines[0] ?? line };
    const started = await simulate.startRun(studio.client, {
      params: { branch },
      body: { ...which, kind, seed: Number(seed), replications: Number(replications), relevantShare: Number(relevantPercent) / 100 },
    });
    runStarted(studio, started);
    studio.address.amend({ run: undefined, ...lineStarted(lines, line) });
    reload();
  };
  return (
    <>
      <div className="dw-run-bar">
        <RunLines branch={branch} line={line} chosen={lines.length === 0 ? undefined : lines} onChange={onLines} />
        <RunFields draft={draft} set={(change) => setDraft((held) => ({ ...held, ...change }))} />
        {current === undefined ? (
          <Button size="sm" loading={busy} onClick={() => run(start)}>
            {t("simulate.decide.run")}
          </Button>
        ) : (
          <Button
            size="sm"
            variant="default"
            leftSection={<IconPlayerStop size={14} />}
            onClick={() => void simulate.cancelRun(studio.client, { params: { id: current.id } }).then(reload)}
          >
            {t("simulate.decide.stop")}
          </Button>
        )}
        <span className="dw-grow" />
        <EarlierRuns runs={runs} shown={shown} />
      </div>
      <p className="dw-fine" style={{ margin: "8px 0 0" }}>
        {t(draft.kind === "study" ? "simulate.decide.studyText" : "simulate.decide.forecastText")}
      </p>
      <SharedBuffers branch={branch} chosen={lines} />
      {current !== undefined && <RunProgressBar run={current} replications={runs.find(({ id }) => id === current.id)?.replications} />}
      {current === undefined && runs[0]?.state === "failed" && <RunFailure run={runs[0]} />}
    </>
  );
}

function RunFailure({ run }: { readonly run: RunSummary }): ReactNode {
  const { t } = useWords();
  return (
    <p className="dw-note is-trouble">
      {run.message === undefined ? t("simulate.decide.runFailed") : messageText(run.message, run.reason)}
    </p>
  );
}

/** What was started is shown, of its line. */
function lineStarted(lines: readonly string[], shown: string | undefined): { readonly line?: string | undefined } {
  return lines.length === 0 || (shown !== undefined && lines.includes(shown)) ? {} : { line: lines[0] };
}

function RunFields({
  draft: { kind, seed, replications, relevantPercent },
  set,
}: {
  readonly draft: RunDraft;
  readonly set: (change: Partial<RunDraft>) => void;
}): ReactNode {
  const { t } = useWords();
  const otherSeed = (
    <Tooltip label={t("simulate.decide.otherSeed")}>
      <ActionIcon
        size={22}
        variant="subtle"
        color="gray"
        aria-label={t("simulate.decide.otherSeed")}
        onClick={() => set({ seed: Math.floor(Math.random() * 1e6) })}
      >
        <IconDice5 size={14} />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <>
      <SegmentedControl
        size="sm"
        value={kind}
        onChange={(value) => set({ kind: value as typeof kind })}
        data={[
          { value: "study", label: t("simulate.decide.study") },
          { value: "forecast", label: t("simulate.decide.forecast") },
        ]}
      />
      <NumberInput
        size="sm"
        label={t("simulate.decide.replications")}
        value={replications}
        min={3}
        max={500}
        onChange={(value) => set({ replications: value })}
      />
      <NumberInput
        size="sm"
        label={t("simulate.decide.seed")}
        value={seed}
        min={0}
        allowDecimal={false}
        onChange={(value) => set({ seed: value })}
        rightSection={otherSeed}
      />
      <Tooltip label={t("simulate.decide.mattersHint")} multiline w={300}>
        <NumberInput
          size="sm"
          label={t("simulate.decide.matters")}
          value={relevantPercent}
          min={0}
          max={100}
          step={0.1}
          decimalScale={2}
          suffix={"\u202f%"}
          onChange={(value) => set({ relevantPercent: value })}
        />
      </Tooltip>
    </>
  );
}

/**
 * How far a run is, in the replications that were asked for: each stands for several simulations (live, branch, and some of live at its best
 * estimates), which the hint counts.
 */
function RunProgressBar({
  run: { state, done, total },
  replications,
}: {
  readonly run: RunProgress;
  readonly replications: number | undefined;
}): ReactNode {
  const { t } = useWords();
  return (
    <>
      <div
        className="dw-progress"
        role="progressbar"
        aria-label={t("simulate.decide.runTitle")}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <i style={{ width: `${(done / Math.max(1, total)) * 100}%` }} />
      </div>
      <div className="dw-reps">
        <span>{t(`simulate.decide.runState.${state}`)}</span>
        <span title={t("simulate.decide.simulationsHint", { done, total })}>
          {replications === undefined
            ? t("simulate.decide.percentDone", { percent: Math.floor((100 * done) / Math.max(1, total)) })
            : t("simulate.decide.replicationsDone", { done: replicationsDone({ done, total }, replications), total: replications })}
        </span>
      </div>
    </>
  );
}
