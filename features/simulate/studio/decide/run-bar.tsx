import { ActionIcon, Button, NumberInput, SegmentedControl, Select, Tooltip } from "@mantine/core";
import { IconDice5, IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { RunSummary } from "@doppelwerk/client";
import { RELEVANT_SHARE } from "@doppelwerk/sim";
import { errorText, messageText, momentText, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { runProgress, runStarted } from "./run-progress.ts";
import * as simulate from "../../calls.ts";

/** Starts runs and shows how far they are: kind, seed and replications are chosen, never hidden. */
export function RunBar({
  branch,
  runs,
  reload,
}: {
  readonly branch: string;
  readonly runs: readonly RunSummary[];
  readonly reload: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const progress = useStore(runProgress(studio));
  const address = useStore(studio.address.store);
  const [kind, setKind] = useState<"forecast" | "study">("study");
  const [seed, setSeed] = useState<number | string>(7);
  const [replications, setReplications] = useState<number | string>(30);
  const [relevantPercent, setRelevantPercent] = useState<number | string>(100 * RELEVANT_SHARE);
  const [busy, setBusy] = useState(false);
  const newest = runs[0];
  const running = [...progress.values()].filter((run) => run.branch === branch && (run.state === "running" || run.state === "queued"));
  const current =
    running.at(-1) ??
    (newest !== undefined && (newest.state === "running" || newest.state === "queued") && !progress.has(newest.id) ? newest : undefined);
  const start = (): void => {
    setBusy(true);
    simulate
      .startRun(studio.client, {
        params: { branch },
        body: { kind, seed: Number(seed), replications: Number(replications), relevantShare: Number(relevantPercent) / 100 },
      })
      .then((run) => {
        runStarted(studio, run);
        studio.address.amend({ run: undefined });
        reload();
      })
      .catch((error: unknown) => studio.notify("trouble", t("simulate.decide.runFailed"), errorText(error)))
      .finally(() => setBusy(false));
  };
  const failed = newest?.state === "failed" ? newest : undefined;
  const done = runs.filter((run) => run.state === "done");
  return (
    <>
      <div className="dw-run-bar">
        <SegmentedControl
          size="sm"
          value={kind}
          onChange={(value) => setKind(value as typeof kind)}
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
          onChange={setReplications}
        />
        <NumberInput
          size="sm"
          label={t("simulate.decide.seed")}
          value={seed}
          min={0}
          allowDecimal={false}
          onChange={setSeed}
          rightSection={
            <Tooltip label={t("simulate.decide.otherSeed")}>
              <ActionIcon
                size={22}
                variant="subtle"
                color="gray"
                aria-label={t("simulate.decide.otherSeed")}
                onClick={() => setSeed(Math.floor(Math.random() * 1e6))}
              >
                <IconDice5 size={14} />
              </ActionIcon>
            </Tooltip>
          }
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
            onChange={setRelevantPercent}
          />
        </Tooltip>
        {current === undefined ? (
          <Button size="sm" loading={busy} onClick={start}>
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
        {done.length > 1 && (
          <Select
            size="sm"
            aria-label={t("simulate.decide.runs")}
            value={address.run ?? done[0]!.id}
            onChange={(value) => studio.address.amend({ run: value ?? undefined })}
            data={done.map((run) => ({
              value: run.id,
              label: `${t(`runKind.${run.kind}`)} · ${run.replications} · ${momentText(run.startedAt, zone, language, false)}`,
            }))}
            w={300}
            maw="100%"
            allowDeselect={false}
          />
        )}
      </div>
      <p className="dw-fine" style={{ margin: "8px 0 0" }}>
        {t(kind === "study" ? "simulate.decide.studyText" : "simulate.decide.forecastText")}
      </p>
      {current !== undefined && (
        <>
          <div className="dw-progress" role="progressbar" aria-valuemin={0} aria-valuemax={current.total} aria-valuenow={current.done}>
            <i style={{ width: `${(current.done / Math.max(1, current.total)) * 100}%` }} />
          </div>
          <div className="dw-reps">
            <span>{t(`simulate.decide.runState.${current.state}`)}</span>
            <span>{t("simulate.decide.replicationsDone", { done: current.done, total: current.total })}</span>
          </div>
        </>
      )}
      {failed !== undefined && current === undefined && (
        <p className="dw-note is-trouble">
          {failed.message === undefined ? t("simulate.decide.runFailed") : messageText(failed.message, failed.reason)}
        </p>
      )}
    </>
  );
}
