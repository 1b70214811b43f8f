import { Button, UnstyledButton } from "@mantine/core";
import { IconGitFork, IconRefresh, IconTargetArrow } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import type { RunResult, RunSummary } from "@doppelwerk/client";
import {
  ActionButton,
  BottleneckShift,
  Card,
  Empty,
  Failure,
  FanChart,
  KpiTable,
  TimeShares,
  ViewOutlet,
  Waiting,
  branchHue,
  errorText,
  fixedText,
  momentText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { BacktestCard } from "./backtest-card.tsx";
import { FactorList } from "./factor-list.tsx";
import { DriftNote } from "./drift-note.tsx";
import { parameterWords } from "./parameter-words.ts";
import { RunBar } from "./run-bar.tsx";
import { runStarted } from "./run-progress.ts";
import { RunChecks } from "./run-checks.tsx";
import { RunWarnings } from "./run-warnings.tsx";
import { decideRoom, resultPart } from "./slots.ts";
import "./decide.css";
import * as simulate from "../../calls.ts";

/** What changes, what it does with how much certainty, and whether the model may be believed. */
export default function Decide(): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  const empty = useStore(studio.world)?.empty === true;
  const rooms = studio.views.of(decideRoom);
  const room = rooms.find(({ data }) => detail?.startsWith(data.name) === true && (data.onBranch !== true || branch !== LIVE));
  if (empty && room?.data.plantless === undefined)
    return (
      <Empty
        title={t("world.emptyTitle")}
        text={t("world.emptyText")}
        action={t("view.connect")}
        onAction={() => studio.address.go({ view: "connect" })}
      >
        {rooms
          .filter(({ data }) => data.plantless !== undefined)
          .map(({ id, data }) => (
            <Button key={id} variant="subtle" onClick={() => studio.address.go({ detail: data.name })}>
              {t(data.plantless!)}
            </Button>
          ))}
      </Empty>
    );
  if (room !== undefined && detail !== undefined)
    return (
      <ViewOutlet
        key={room.data.followsFork === true ? room.id : `${room.id} ${branch}`}
        view={room}
        at={`${detail} ${branch}`}
        waiting={<Waiting />}
        props={{ branch, detail }}
      />
    );
  return branch === LIVE ? <DecideOnLive /> : <DecideOnBranch key={branch} branch={branch} />;
}

/** The ways to the rooms that are open from here. */
function OpenMore(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  return studio.views
    .of(decideRoom)
    .filter(({ data }) => data.title !== undefined)
    .map(({ id, data }) => (
      <Button
        key={id}
        variant="default"
        size="sm"
        leftSection={data.leads === true ? <IconTargetArrow size={16} /> : undefined}
        onClick={() => studio.address.go({ detail: data.name })}
      >
        {t(data.title!)}
      </Button>
    ));
}

function DecideOnLive(): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const branches = useStore(studio.branches).filter((branch) => branch.id !== LIVE && branch.closed === undefined);
  const rail = useStore(studio.rail);
  const parameters = useLoad((signal) => simulate.listParameters(studio.client, { params: { branch: LIVE } }, { signal }), []);
  return (
    <div className="dw-page dw-decide">
      <div className="dw-decide-left">
        <Card title={t("simulate.decide.openBranches")}>
          {branches.length === 0 && <p className="dw-quiet">{t("simulate.decide.noBranch")}</p>}
          {branches.map((branch) => (
            <UnstyledButton key={branch.id} className="dw-request" onClick={() => studio.address.go({ branch: branch.id })}>
              <i
                style={{ background: `var(--dw-${branchHue(branch.id, rail?.lanes.find((lane) => lane.branch.id === branch.id)?.hue)})` }}
              />
              <span>
                <b>{branch.name}</b>
                <small>{t("rail.forked", { moment: momentText(branch.instant, zone, language, false) })}</small>
              </span>
            </UnstyledButton>
          ))}
          <div className="dw-buttons">
            <ActionButton action="changes.fork" leftSection={<IconGitFork size={16} />}>
              {t("rail.fork")}
            </ActionButton>
          </div>
        </Card>
        <p className="dw-quiet">{t("simulate.decide.liveText")}</p>
        <OpenMore />
      </div>
      <div className="dw-decide-right">
        <DriftNote branch={LIVE} />
        <BacktestCard />
        {parameters.value !== undefined && parameters.value.length > 0 && <ParametersCard parameters={parameters.value} />}
      </div>
    </div>
  );
}

function DecideOnBranch({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const address = useStore(studio.address.store);
  const runs = useLoad((signal) => simulate.listRuns(studio.client, { params: { branch } }, { signal }), [branch], undefined, commits);
  const newest = newestFirst(runs.value ?? []);
  const chosen = newest.find((run) => run.id === address.run) ?? newest.find((run) => run.state === "done");
  const result = useLoad(
    chosen === undefined || chosen.state !== "done"
      ? undefined
      : (signal) => simulate.readRun(studio.client, { params: { id: chosen.id } }, { signal }),
    [chosen?.id, chosen?.state],
  );
  return (
    <div className="dw-page dw-decide">
      <div className="dw-decide-left">
        <Card title={t("simulate.decide.whatChanges")} note={t("simulate.decide.factorsNote")}>
          <FactorList branch={branch} />
        </Card>
        <OpenMore />
      </div>
      <div className="dw-decide-right">
        <Card
          title={t("simulate.decide.runTitle")}
          note={
            chosen === undefined
              ? ""
              : t("simulate.decide.shownRun", { kind: t(`runKind.${chosen.kind}`), seed: chosen.seed, count: chosen.replications })
          }
        >
          <RunBar branch={branch} runs={newest} reload={runs.reload} />
          <DriftNote branch={branch} />
        </Card>
        {runs.kind === "failed" && <Failure message={runs.message} onRetry={runs.reload} />}
        {result.kind === "failed" && <Failure message={result.message} onRetry={result.reload} />}
        {result.value === undefined ? (
          runs.kind === "ready" &&
          chosen === undefined && <Empty title={t("simulate.decide.emptyTitle")} text={t("simulate.decide.emptyText")} />
        ) : (
          <Results result={result.value} onStarted={runs.reload} />
        )}
        <BacktestCard />
      </div>
    </div>
  );
}

function newestFirst(runs: readonly RunSummary[]): readonly RunSummary[] {
  return runs.toSorted((a, b) => b.startedAt - a.startedAt);
}

function Results({ result, onStarted }: { readonly result: RunResult; readonly onStarted: () => void }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { kind, replications, seed, branch, startedAt } = result.run;
  const name = useStore(studio.branches).find(({ id }) => id === branch)?.name ?? branch;
  const again = (): void => {
    simulate
      .rerun(studio.client, { params: { id: result.run.id } })
      .then((run) => {
        runStarted(studio, run);
        studio.address.amend({ run: undefined });
        onStarted();
      })
      .catch((error: unknown) => studio.notify("trouble", t("simulate.decide.runFailed"), errorText(error)));
  };
  return (
    <article className="dw-report">
      <header className="dw-report-head dw-print-only">
        <h1>{name}</h1>
        <p>
          {t("simulate.decide.shownRun", { kind: t(`runKind.${kind}`), seed, count: replications })} ·{" "}
          {momentText(startedAt, zone, language, false)}
        </p>
      </header>
      <Card
        title={t("simulate.decide.against")}
        note={`${t("simulate.decide.pairedNote")} · ${t("simulate.decide.model", { hash: result.model.hash.slice(0, 8), seed: result.model.seed })}`}
      >
        <KpiTable kpis={result.kpis} />
        <RunWarnings result={result} />
        <p className="dw-fine">
          <RunChecks checks={result.checks} sameHash={result.run.sameHash} resumed={result.run.resumed} />
        </p>
        <div className="dw-buttons dw-screen-only">
          <ActionButton action="changes.propose" style={{ background: "var(--hue)" }}>
            {t("branch.propose")}
          </ActionButton>
          <Button variant="default" onClick={() => studio.address.go({ detail: "watch", run: result.run.id })}>
            {t("simulate.watch.open")}
          </Button>
          <Button variant="default" leftSection={<IconRefresh size={15} />} onClick={again}>
            {t("simulate.experiments.again")}
          </Button>
          <Button variant="default" onClick={() => window.print()}>
            {t("simulate.experiments.pdf")}
          </Button>
        </div>
      </Card>
      <div className="dw-decide-row">
        <Card
          title={t(result.run.kind === "study" ? "simulate.decide.fanStudyTitle" : "decide.fanTitle")}
          note={t("simulate.decide.fanNote")}
        >
          <FanChart live={result.fan.live} branch={result.fan.branch} />
        </Card>
        <Card
          title={t("simulate.decide.bottleneck")}
          note={t(result.run.kind === "study" ? "simulate.decide.bottleneckStudyNote" : "simulate.decide.bottleneckForecastNote")}
        >
          <BottleneckShift rows={result.bottleneck} />
        </Card>
      </div>
      <Card title={t("simulate.decide.whereTime")} note={t("simulate.decide.whereTimeNote")}>
        <TimeShares rows={result.timeShares} />
      </Card>
      {studio.views.of(resultPart).map((part) => (
        <ViewOutlet
          key={`${part.id} ${result.run.id}`}
          view={part}
          at={result.run.id}
          waiting={<p className="dw-quiet">{t("frame.loading")}</p>}
          props={{ result }}
        />
      ))}
      <div className="dw-decide-row">
        <InitialStateCard result={result} />
        <ParametersCard parameters={result.parameters} />
      </div>
    </article>
  );
}

function InitialStateCard({ result }: { readonly result: RunResult }): ReactNode {
  const { t } = useWords();
  if (result.initialState.length === 0) return null;
  return (
    <Card title={t("simulate.decide.initial")} note={t("simulate.decide.initialNote")}>
      <table className="dw-table">
        <tbody>
          {alike(result.initialState).map(({ what, basis, why, count, stations }) => (
            <tr key={`${what} ${basis} ${why}`}>
              <td>{t.or(`simulate.decide.initialWhat.${what}`, what)}</td>
              <td className="is-number">{count}</td>
              <td>
                <span className={`dw-basis is-${basis}`}>{t(`simulate.decide.basis.${basis}`)}</span>{" "}
                <small className="dw-quiet-text">{t.or(`simulate.decide.initialWhy.${why.replaceAll(":", ",")}`, why)}</small>
                <small className="dw-stations-of">{stations.join(" ")}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** What is known of the start, station by station, drawn together where it is known in the same way. */
function alike(items: RunResult["initialState"]): readonly {
  readonly what: string;
  readonly basis: RunResult["initialState"][number]["basis"];
  readonly why: string;
  readonly count: number;
  readonly stations: readonly string[];
}[] {
  const groups = Map.groupBy(items, ({ item, basis, why }) => `${item.split(" ").at(-1)}|${basis}|${why}`);
  return [...groups.values()].map((group) => {
    const { item, basis, why } = group[0]!;
    return {
      what: item.split(" ").at(-1)!,
      basis,
      why,
      count: group.reduce((sum, { value }) => sum + Number(value), 0),
      stations: group.flatMap((one) => (one.item.includes(" ") ? [one.item.split(" ")[0]!] : [])),
    };
  });
}

function ParametersCard({ parameters }: { readonly parameters: RunResult["parameters"] }): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("simulate.decide.parameters")} note={t("simulate.decide.parametersNote")}>
      <div className="dw-scroll" style={{ maxHeight: 320 }}>
        <table className="dw-table">
          <thead>
            <tr>
              <th>{t("simulate.decide.parameter")}</th>
              <th className="is-number">{t("simulate.decide.estimate")}</th>
              <th className="is-number">{t("simulate.decide.range95")}</th>
              <th className="is-number">n</th>
              <th>{t("simulate.decide.source")}</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map((parameter) => (
              <tr key={`${parameter.station} ${parameter.name}`} title={parameter.fit}>
                <td>
                  <b>{parameter.station}</b> {parameterWords(parameter.name, t)}{" "}
                  <small className="dw-quiet-text">{t.or(`simulate.distribution.${parameter.distribution}`, parameter.distribution)}</small>
                </td>
                <td className="is-number">
                  {short(parameter.mean)} <small>{parameter.unit}</small>
                </td>
                <td className="is-number">
                  {short(parameter.low)}–{short(parameter.high)}
                </td>
                <td className="is-number">{parameter.n}</td>
                <td>
                  {t(`simulate.decide.from.${parameter.source}`)}
                  {parameter.pooled && ` · ${t("simulate.decide.pooled")}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function short(value: number | undefined): string {
  if (value === undefined) return "–";
  return value >= 100 ? fixedText(value, 0) : value >= 10 ? fixedText(value, 1) : fixedText(value, 2);
}
