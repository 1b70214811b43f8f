import { Button, Menu, Select } from "@mantine/core";
import { IconFileTypeCsv, IconGitFork, IconPrinter, IconRefresh } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentResult, ExperimentSummary } from "@doppelwerk/client";
import { fieldChange } from "@doppelwerk/sync";
import { LIVE } from "@doppelwerk/world";
import {
  BottleneckShift,
  Card,
  DotInterval,
  Failure,
  TimeShares,
  Waiting,
  errorText,
  fixedText,
  messageText,
  momentText,
  signedText,
  useLoad,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { RunChecks } from "../decide/run-checks.tsx";
import { RunWarnings } from "../decide/run-warnings.tsx";
import { EffectChart } from "./effect-chart.tsx";
import { digitsOfKpi, experimentKpis, nameOfFactor, pointText, unitOfKpi, valueText } from "./experiment-words.ts";
import { frontOf } from "./front.ts";
import { FrontChart } from "./front-chart.tsx";
import * as simulate from "../../calls.ts";

/** Comes with the simulator, so only when a result is looked at. */
const PointCourse = lazy(() => import("./point-course.tsx").then((room) => ({ default: room.PointCourse })));

/** What an experiment found, as a report: on the screen, and printed without the frame. */
export function ExperimentPage({
  id,
  branch,
  onOther,
}: {
  readonly id: string;
  readonly branch: string;
  readonly onOther: (summary: ExperimentSummary) => void;
}): ReactNode {
  const studio = useStudio();
  const [busy, setBusy] = useState(true);
  const loaded = useLoad(
    async (signal) => {
      const result = await simulate.readExperiment(studio.client, { params: { id } }, { signal });
      setBusy(result.experiment.state === "running");
      return result;
    },
    [id],
    busy ? 1_000 : undefined,
  );
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} onRetry={loaded.reload} /> : <Waiting />;
  const result = loaded.value;
  return result.points.length === 0 ? (
    <Progress result={result} reload={loaded.reload} />
  ) : (
    <Report result={result} branch={branch} onOther={onOther} />
  );
}

function Progress({ result, reload }: { readonly result: ExperimentResult; readonly reload: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { experiment } = result;
  const running = experiment.state === "running";
  const act = (call: Promise<unknown>): void => void call.then(reload, (error: unknown) => studio.notify("trouble", errorText(error)));
  return (
    <Card title={experiment.name} note={t("simulate.experiments.points", { count: experiment.points })}>
      <div className="dw-progress" role="progressbar" aria-valuemin={0} aria-valuemax={experiment.total} aria-valuenow={experiment.done}>
        <i style={{ width: `${(100 * experiment.done) / Math.max(1, experiment.total)}%` }} />
      </div>
      <div className="dw-reps">
        <span>
          {t(`simulate.decide.runState.${experiment.state}`)}
          {experiment.resumed !== undefined && ` · ${t("simulate.experiments.resumed", { count: experiment.resumed })}`}
        </span>
        <span>{t("simulate.decide.replicationsDone", { done: experiment.done, total: experiment.total })}</span>
      </div>
      {experiment.message !== undefined && <p className="dw-note is-trouble">{messageText(experiment.message, experiment.reason)}</p>}
      <div className="dw-buttons">
        {running ? (
          <Button
            size="sm"
            variant="default"
            onClick={() => act(simulate.cancelExperiment(studio.client, { params: { id: experiment.id } }))}
          >
            {t("simulate.decide.stop")}
          </Button>
        ) : (
          <Button size="sm" onClick={() => act(simulate.resumeExperiment(studio.client, { params: { id: experiment.id } }))}>
            {t("simulate.experiments.resume")}
          </Button>
        )}
      </div>
    </Card>
  );
}

function Report({
  result,
  branch,
  onOther,
}: {
  readonly result: ExperimentResult;
  readonly branch: string;
  readonly onOther: (summary: ExperimentSummary) => void;
}): ReactNode {
  const { t, language, zone } = useWords();
  const [kpi, setKpi] = useState<ExperimentKpi>(result.request.kpi);
  const [against, setAgainst] = useState<ExperimentKpi>(result.request.kpi === "wip" ? "throughput" : "wip");
  const [point, setPoint] = useState(result.best?.point ?? result.reference);
  const kpis = experimentKpis.filter((key) => result.points.every((each) => each.kpis[key] !== undefined));
  const words = kpis.map((key) => ({ value: key, label: t(`kpi.${key}`) }));
  const chosen = result.points[point]!;
  const asIs = result.points[result.reference]!;
  const { experiment, model } = result;
  return (
    <article className="dw-report">
      <header className="dw-report-head">
        <h1>{experiment.name}</h1>
        <p>
          {t("simulate.experiments.reportLine", {
            kind: t(`runKind.${result.request.kind}`),
            moment: momentText(experiment.startedAt, zone, language, false),
            points: result.points.length,
            replications: result.points.reduce((sum, each) => sum + each.replications, 0),
          })}
        </p>
      </header>
      <Finding result={result} branch={branch} point={point} onOther={onOther} />
      <Card
        title={t("simulate.experiments.allPoints")}
        note={
          <span className="dw-screen-only">
            <Select
              size="xs"
              w={150}
              aria-label={t("simulate.experiments.kpi")}
              value={kpi}
              data={words}
              allowDeselect={false}
              onChange={(value) => setKpi(value as ExperimentKpi)}
            />
          </span>
        }
      >
        <PointTable result={result} kpi={kpi} chosen={point} onChoose={setPoint} />
      </Card>
      <div className="dw-decide-row">
        <Card title={t("simulate.experiments.effects")} note={t(`kpi.${kpi}`)}>
          <EffectChart result={result} kpi={kpi} />
        </Card>
        {kpis.length > 1 && (
          <Card
            title={t("simulate.experiments.front")}
            note={
              <span className="dw-screen-only">
                <Select
                  size="xs"
                  w={150}
                  aria-label={t("simulate.experiments.against")}
                  value={against === kpi ? null : against}
                  data={words.filter(({ value }) => value !== kpi)}
                  allowDeselect={false}
                  onChange={(value) => setAgainst(value as ExperimentKpi)}
                />
              </span>
            }
          >
            {against !== kpi && <FrontChart result={result} first={kpi} second={against} chosen={point} onChoose={setPoint} />}
            <p className="dw-fine">{t("simulate.experiments.frontNote", { count: frontOf(result, kpi, against).length })}</p>
          </Card>
        )}
      </div>
      <p className="dw-report-point">
        {t("simulate.experiments.shownPoint")} <b>{pointText(result, point, language, t)}</b>
      </p>
      <Card title={t("simulate.experiments.ofPoint")} note={t("simulate.experiments.ofPointNote")}>
        <QuantileTable result={result} point={point} />
      </Card>
      <div className="dw-decide-row">
        <Card title={t("simulate.decide.whereTime")} note={t("simulate.experiments.whereTimeNote")}>
          <TimeShares
            rows={Object.keys(asIs.shares).map((station) => ({
              station,
              live: asIs.shares[station]!,
              branch: chosen.shares[station] ?? {},
            }))}
          />
        </Card>
        <Card title={t("simulate.decide.bottleneck")} note={t("simulate.experiments.activePeriod")}>
          <BottleneckShift
            words={[t("simulate.experiments.asIs"), t("simulate.experiments.thisPoint")]}
            rows={[...new Set([...Object.keys(asIs.bottlenecks), ...Object.keys(chosen.bottlenecks)])]
              .map((station) => ({ station, live: asIs.bottlenecks[station] ?? 0, branch: chosen.bottlenecks[station] ?? 0 }))
              .toSorted((a, b) => b.live + b.branch - a.live - a.branch)}
          />
        </Card>
      </div>
      <Suspense fallback={<p className="dw-quiet">{t("frame.loading")}</p>}>
        <PointCourse key={point} result={result} point={point} />
      </Suspense>
      {result.warnings.length > 0 && (
        <Card title={t("simulate.experiments.warnings")}>
          <RunWarnings result={result} />
        </Card>
      )}
      <p className="dw-fine dw-report-foot">
        {t("simulate.experiments.provenance", {
          model: model.hash.slice(0, 16),
          seed: model.seed,
          code: model.code,
          result: (experiment.resultHash ?? "").slice(0, 16),
          warmUp: Math.round(model.warmUpS / 60),
        })}{" "}
        <RunChecks checks={result.checks} sameHash={experiment.sameHash} resumed={experiment.resumed} />
      </p>
    </article>
  );
}

/** The answer in one sentence, and what can be done with it. */
function Finding({
  result,
  branch,
  point,
  onOther,
}: {
  readonly result: ExperimentResult;
  readonly branch: string;
  readonly point: number;
  readonly onOther: (summary: ExperimentSummary) => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const [busy, setBusy] = useState(false);
  const { best, reference, request, experiment } = result;
  if (best === undefined) return null;
  const digits = digitsOfKpi(request.kpi);
  const unit = unitOfKpi(request.kpi, t);
  const { confirmed } = best;
  const act = (call: () => Promise<void>): void => {
    setBusy(true);
    void call()
      .catch((error: unknown) => studio.notify("trouble", errorText(error)))
      .finally(() => setBusy(false));
  };
  const take = async (): Promise<void> => {
    const values = result.points[point]!.values;
    const name = `${experiment.name}: ${pointText(result, point, language, t)}`.slice(0, 120);
    const fork = branch === LIVE ? await studio.client.fork(name) : undefined;
    const to = fork?.id ?? branch;
    const replica = studio.live.documents(to, ["element"]);
    await replica.reached(fork?.baseRevision ?? 0);
    const changes = result.factors.flatMap(({ element }, index) => {
      const record = replica.get(element);
      if (record === undefined) throw new Error(t("simulate.decide.notLoaded"));
      const value = typeof record.value === "number" ? values[index]! : String(values[index]!);
      return record.value === value ? [] : [fieldChange(record, "value", value)];
    });
    if (changes.length > 0) await studio.live.push(to, `${experiment.name}: ${pointText(result, point, language, t)}`, changes);
    studio.address.go({ branch: to, detail: undefined });
  };
  const save = async (rows: "points" | "replications"): Promise<void> => {
    const bytes = await simulate.exportExperiment(studio.client, { params: { id: experiment.id }, query: { rows: rows } });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "text/csv" }));
    link.download = `${experiment.name.replace(/[^\p{L}\p{N}.-]+/gu, "-")}-${rows}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <Card
      title={t(best.point === reference ? "simulate.experiments.asIsBest" : "simulate.experiments.bestIs", {
        point: pointText(result, best.point, language, t),
      })}
    >
      <p className="dw-report-finding">
        {best.point === reference
          ? t("simulate.experiments.asIsBestText", { kpi: t(`kpi.${request.kpi}`) })
          : confirmed !== undefined && (
              <>
                {t("simulate.experiments.confirmed", {
                  kpi: t(`kpi.${request.kpi}`),
                  difference: signedText(confirmed.mean, digits),
                  halfWidth: fixedText(confirmed.halfWidth, digits),
                  unit,
                  n: confirmed.n,
                })}{" "}
                <b className={`is-${confirmed.verdict.replace(" ", "-")}`}>{t(`verdict.${confirmed.verdict}`)}</b>
              </>
            )}
        {best.certain !== undefined &&
          ` ${t(best.certain ? "simulate.experiments.certain" : "simulate.experiments.notCertain", { percent: Math.round(100 * (selectConfidence(result) ?? 0.95)) })}`}
      </p>
      <div className="dw-buttons dw-screen-only">
        <Button size="sm" loading={busy} leftSection={<IconGitFork size={15} />} disabled={point === reference} onClick={() => act(take)}>
          {t(branch === LIVE ? "simulate.experiments.fork" : "simulate.experiments.take")}
        </Button>
        <Button size="sm" variant="default" leftSection={<IconPrinter size={15} />} onClick={() => window.print()}>
          {t("simulate.experiments.pdf")}
        </Button>
        <Menu>
          <Menu.Target>
            <Button size="sm" variant="default" leftSection={<IconFileTypeCsv size={15} />}>
              CSV
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => act(() => save("points"))}>{t("simulate.experiments.csvPoints")}</Menu.Item>
            <Menu.Item onClick={() => act(() => save("replications"))}>{t("simulate.experiments.csvReplications")}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Button
          size="sm"
          variant="default"
          leftSection={<IconRefresh size={15} />}
          onClick={() => act(async () => onOther(await simulate.rerunExperiment(studio.client, { params: { id: experiment.id } })))}
        >
          {t("simulate.experiments.again")}
        </Button>
      </div>
    </Card>
  );
}

function selectConfidence({ request }: ExperimentResult): number | undefined {
  return "indifference" in request.replications ? request.replications.confidence : undefined;
}

/** A row a point: values, mean with its interval, paired difference from the line as it stands, verdict. */
function PointTable({
  result,
  kpi,
  chosen,
  onChoose,
}: {
  readonly result: ExperimentResult;
  readonly kpi: ExperimentKpi;
  readonly chosen: number;
  readonly onChoose: (point: number) => void;
}): ReactNode {
  const { t, language } = useWords();
  const digits = digitsOfKpi(kpi);
  const sign = result.request.goal === "maximise" ? -1 : 1;
  const order = result.points
    .map((_, index) => index)
    .toSorted((a, b) => sign * ((result.points[a]!.kpis[kpi]?.mean ?? 0) - (result.points[b]!.kpis[kpi]?.mean ?? 0)));
  const reach = Math.max(
    ...result.points.map(({ kpis }) => Math.abs(kpis[kpi]?.difference?.mean ?? 0) + (kpis[kpi]?.difference?.halfWidth ?? 0)),
  );
  return (
    <div className="dw-scroll dw-point-table" style={{ maxHeight: 420 }}>
      <table className="dw-table">
        <thead>
          <tr>
            {result.factors.map((factor) => (
              <th key={factor.element} className="is-number">
                {nameOfFactor(factor, language)}
              </th>
            ))}
            <th className="is-number">n</th>
            <th className="is-number">
              {t(`kpi.${kpi}`)} <small>{unitOfKpi(kpi, t)}</small>
            </th>
            <th>{t("simulate.experiments.differenceFromAsIs")}</th>
            <th>{t("decide.verdict")}</th>
          </tr>
        </thead>
        <tbody>
          {order.map((index) => {
            const point = result.points[index]!;
            const own = point.kpis[kpi];
            const difference = own?.difference;
            return (
              <tr
                key={index}
                className={`${index === chosen ? "is-on" : ""} ${index === result.reference ? "is-asis" : ""}`}
                onClick={() => onChoose(index)}
              >
                {point.values.map((value, factor) => (
                  <td key={result.factors[factor]!.element} className="is-number">
                    {valueText(value)}
                  </td>
                ))}
                <td className="is-number">{point.replications}</td>
                <td className="is-number">
                  {fixedText(own?.mean, digits)} <small>± {fixedText(own?.halfWidth, digits)}</small>
                </td>
                <td>
                  {difference === undefined ? (
                    <small>{t("simulate.experiments.asIs")}</small>
                  ) : (
                    <span className="dw-point-difference">
                      <DotInterval
                        mean={difference.mean}
                        halfWidth={difference.halfWidth}
                        verdict={difference.verdict}
                        title={`${signedText(difference.mean, digits)} ± ${fixedText(difference.halfWidth, digits)}`}
                        reach={reach}
                      />
                      {signedText(difference.mean, digits)} <small>± {fixedText(difference.halfWidth, digits)}</small>
                    </span>
                  )}
                </td>
                <td className={difference === undefined ? "" : `is-${difference.verdict.replace(" ", "-")}`}>
                  {difference === undefined ? "" : t(`verdict.${difference.verdict}`)}
                  {index === result.best?.point && <small> {t("simulate.experiments.best")}</small>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Every KPI of a point: mean, quantiles over replications with their intervals, and the difference from the line as it stands. */
function QuantileTable({ result, point }: { readonly result: ExperimentResult; readonly point: number }): ReactNode {
  const { t } = useWords();
  const { kpis } = result.points[point]!;
  return (
    <div className="dw-scroll">
      <table className="dw-table">
        <thead>
          <tr>
            <th>{t("decide.kpi")}</th>
            <th className="is-number">{t("simulate.decide.estimate")}</th>
            <th className="is-number">5 %</th>
            <th className="is-number">{t("simulate.experiments.median")}</th>
            <th className="is-number">95 %</th>
            <th className="is-number">{t("simulate.experiments.differenceFromAsIs")}</th>
          </tr>
        </thead>
        <tbody>
          {experimentKpis.flatMap((kpi) => {
            const own = kpis[kpi];
            if (own === undefined) return [];
            const digits = digitsOfKpi(kpi);
            return [
              <tr key={kpi}>
                <td>
                  {t(`kpi.${kpi}`)} <small>{unitOfKpi(kpi, t)}</small>
                </td>
                <td className="is-number">
                  {fixedText(own.mean, digits)} <small>± {fixedText(own.halfWidth, digits)}</small>
                </td>
                {[0.05, 0.5, 0.95].map((p) => {
                  const quantile = own.quantiles.find((each) => each.p === p);
                  return (
                    <td key={p} className="is-number">
                      {fixedText(quantile?.value, digits)}
                      {quantile?.low !== undefined && (
                        <small>
                          {" "}
                          [{fixedText(quantile.low, digits)}–{fixedText(quantile.high, digits)}]
                        </small>
                      )}
                    </td>
                  );
                })}
                <td className={`is-number ${own.difference === undefined ? "" : `is-${own.difference.verdict.replace(" ", "-")}`}`}>
                  {own.difference === undefined
                    ? "–"
                    : `${signedText(own.difference.mean, digits)} ± ${fixedText(own.difference.halfWidth, digits)}`}
                </td>
              </tr>,
            ];
          })}
        </tbody>
      </table>
    </div>
  );
}
