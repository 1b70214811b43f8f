import { Button, Select, Tooltip } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import type { ExperimentModel, ReplicationOptions } from "@doppelwerk/sim";
import { LIVE, SECOND } from "@doppelwerk/world";
import { Failure, momentText, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Studio } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import { linkCameras } from "./link-cameras.ts";
import { createWatchClock } from "./watch-clock.ts";
import { useSimulatedAhead } from "./use-simulated-ahead.ts";
import { WatchFoot } from "./watch-foot.tsx";
import { WatchPane } from "./watch-pane.tsx";
import { WatchedLine } from "./watched-line.ts";
import "./watch.css";
import * as simulate from "../../calls.ts";

/** `watch`, `watch@3600`: the detail of Decide's address while a run is watched. */
export function watchedFrom(detail: string | undefined): number | undefined {
  const [, seconds] = /^watch(?:@(\d+))?$/.exec(detail ?? "") ?? [];
  return detail?.startsWith("watch") === true ? Number(seconds ?? 0) : undefined;
}

/** One replication of a run, simulated again here: live on the left, the branch on the right, one camera, one time. */
export default function WatchView({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const address = useStore(studio.address.store);
  const loaded = useLoad((signal) => loadRun(studio, branch, address.run, signal), [branch, address.run]);
  const close = (): void => studio.address.go({ detail: undefined });
  return (
    <div className="dw-page dw-watch">
      {loaded.value === undefined ? (
        <div className="dw-watch-head">
          <Back onClose={close} />
          {loaded.kind === "failed" ? (
            <Failure message={loaded.message} onRetry={loaded.reload} />
          ) : (
            <span className="dw-quiet">{t("simulate.watch.loading")}</span>
          )}
        </div>
      ) : (
        <Watched key={`${loaded.value.result.run.id}`} run={loaded.value} onClose={close} />
      )}
    </div>
  );
}

interface LoadedRun {
  readonly result: RunResult;
  readonly live: ExperimentModel;
  readonly branch: ExperimentModel;
  readonly options: Omit<ReplicationOptions, "replication" | "drawParameters">;
}

/** The run of the address, else the last one that is done. */
async function loadRun(studio: Studio, branch: string, run: string | undefined, signal: AbortSignal): Promise<LoadedRun> {
  const done = (await simulate.listRuns(studio.client, { params: { branch } }, { signal })).filter(({ state }) => state === "done");
  const id = done.find((candidate) => candidate.id === run)?.id ?? done.at(-1)?.id;
  if (id === undefined) throw new Error("no run of this branch is done");
  const [result, model] = await Promise.all([
    simulate.readRun(studio.client, { params: { id } }, { signal }),
    simulate.readRunModel(studio.client, { params: { id } }, { signal }),
  ]);
  return {
    result,
    live: model.live as ExperimentModel,
    branch: model.branch as ExperimentModel,
    options: model.options as LoadedRun["options"],
  };
}

/** The replication whose gain is nearest to the mean: what the run says, as one course of events. */
function typicalReplication({ replications }: RunResult): number {
  const mean = replications.reduce((sum, { live, branch }) => sum + branch - live, 0) / Math.max(1, replications.length);
  const gap = (one: (typeof replications)[number]): number => Math.abs(one.branch - one.live - mean);
  return replications.toSorted((a, b) => gap(a) - gap(b))[0]?.replication ?? 0;
}

function Watched({ run, onClose }: { readonly run: LoadedRun; readonly onClose: () => void }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { result } = run;
  const [replication, setReplication] = useState(() => typicalReplication(result));
  const lines = useMemo(() => {
    const options: ReplicationOptions = { ...run.options, replication, drawParameters: true };
    return { live: new WatchedLine(run.live, options), branch: new WatchedLine(run.branch, options) };
  }, [run, replication]);
  const clock = useMemo(() => createWatchClock(watchedFrom(studio.address.store.get().detail) ?? 0), [studio]);
  const sides = useMemo(() => [lines.live, lines.branch], [lines]);
  const { reachedS } = useSimulatedAhead(sides, clock);
  const playing = useStore(clock.playing);
  const shownS = useStore(clock.shownS);
  const viewers = useRef<{ live?: Viewer; branch?: Viewer }>({});
  const take = (side: "live" | "branch") => (viewer: Viewer | undefined) => {
    if (viewer === undefined) delete viewers.current[side];
    else viewers.current[side] = viewer;
    const { live, branch } = viewers.current;
    if (live !== undefined && branch !== undefined) linkCameras(live, branch);
  };
  // The link keeps the moment while it is held; a moving one would fill the history.
  useEffect(() => {
    if (playing) return undefined;
    const timer = setTimeout(() => studio.address.amend({ detail: `watch@${Math.round(shownS)}` }), 400);
    return () => clearTimeout(timer);
  }, [studio, playing, shownS]);
  const end = (lines.live.to - lines.live.from) / SECOND;
  const instant = lines.live.from + Math.round(shownS * SECOND);
  const kept = result.replications.find((one) => one.replication === replication)?.traceHash;
  const own = reachedS >= end ? lines.branch.traceHash() : undefined;
  const good = { live: lines.live.goodUntil(instant), branch: lines.branch.goodUntil(instant) };
  return (
    <>
      <div className="dw-watch-head">
        <Back onClose={onClose} />
        <b>{t("simulate.watch.title", { kind: t(`runKind.${result.run.kind}`), moment: momentText(instant, zone, language) })}</b>
        <span className="dw-badge">{t("frame.simulated")}</span>
        <span className="dw-grow" />
        {own !== undefined && (
          <Tooltip label={t(own === kept ? "simulate.watch.sameHint" : "simulate.watch.otherHint")} multiline w={280}>
            <span className={own === kept ? "is-better" : "is-worse"}>
              {t(own === kept ? "simulate.watch.same" : "simulate.watch.other", { hash: own.slice(0, 8) })}
            </span>
          </Tooltip>
        )}
        <Select
          size="xs"
          w={250}
          aria-label={t("simulate.watch.replication")}
          value={String(replication)}
          onChange={(value) => setReplication(Number(value ?? 0))}
          allowDeselect={false}
          data={result.replications.map((one) => ({
            value: String(one.replication),
            label: t("simulate.watch.replicationOf", {
              number: one.replication + 1,
              live: Math.round(one.live),
              branch: Math.round(one.branch),
            }),
          }))}
        />
      </div>
      <div className="dw-watch-panes">
        <WatchPane side={LIVE} line={lines.live} clock={clock} good={good.live} onViewer={take("live")} />
        <WatchPane
          side={result.run.branch}
          line={lines.branch}
          clock={clock}
          good={good.branch}
          against={good.live}
          onViewer={take("branch")}
        />
      </div>
      <WatchFoot first={lines.live} second={lines.branch} clock={clock} reachedS={reachedS} moreText={t("simulate.watch.moreText")} />
    </>
  );
}

function Back({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <Button variant="subtle" color="gray" size="compact-sm" leftSection={<IconArrowLeft size={14} />} onClick={onClose}>
      {t("simulate.view.decide")}
    </Button>
  );
}
