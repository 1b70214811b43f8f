import { createHash } from "node:crypto";
import type { BufferOfRun, KpiEstimate, LineOfRun, RunRequest, RunResult } from "@doppelwerk/client";
import { compareOutcomes, componentsOf, fanOf, isPlantExperiment, meanBottlenecks, meanShares, plantKpis } from "@doppelwerk/sim";
import type { AnyExperimentModel, KpiComparison, Outcome } from "@doppelwerk/sim";
import { canonicalJson, SECOND, type Instant, type Json } from "@doppelwerk/world";

/** What a run found, without the run itself. */
export type ResultBody = Omit<RunResult, "run" | "warningsTold" | "warningMessages">;

export interface Simulated {
  readonly request: RunRequest;
  readonly experiment: Pick<RunResult, "initialState" | "parameters" | "warnings"> & {
    readonly branch: AnyExperimentModel;
    readonly same: boolean;
    readonly start: Instant;
  };
  readonly code: string;
  /** Live, then the branch where it differs, then live at its best estimates. */
  readonly outcomes: readonly Outcome[];
  readonly warmUpS: number;
}

interface Sides {
  readonly live: readonly Outcome[];
  readonly branch: readonly Outcome[];
  /** Live at its best estimates: what chance alone makes of the spread. */
  readonly fixed: readonly Outcome[];
}

/** The figures of a run: of a line, or of several together and of each. */
export function resultBody({ request, experiment, code, outcomes, warmUpS }: Simulated): ResultBody {
  const n = request.replications;
  const live = outcomes.slice(0, n);
  const branch = experiment.same ? live : outcomes.slice(n, 2 * n);
  const sides: Sides = { live, branch, fixed: outcomes.slice(experiment.same ? n : 2 * n) };
  const several = isPlantExperiment(experiment.branch) ? experiment.branch : undefined;
  const { relevantShare } = request;
  return {
    kpis: shownKpis(
      several
        ? compareOutcomes(live, branch, sides.fixed, relevantShare, plantKpis)
        : compareOutcomes(live, branch, sides.fixed, relevantShare),
    ),
    ...sharesOf(sides),
    fan: fansOf(sides, experiment.start),
    replications: live.map((outcome, i) => ({
      replication: outcome.replication,
      live: outcome.goodPerShift,
      branch: branch[i]!.goodPerShift,
      traceHash: branch[i]!.traceHash,
    })),
    ...(several && {
      lines: several.lines.map((_, at) => lineOfRun(sides, at, experiment.start, relevantShare)),
      buffers: several.buffers.map(({ id, name, capacity }, at): BufferOfRun => ({
        buffer: id,
        name: name ?? id,
        ...(capacity === undefined ? {} : { capacity }),
        live: contentOf(live, at),
        branch: contentOf(branch, at),
      })),
    }),
    checks: {
      conservation: outcomes.every(({ conservation }) => conservation),
      littlesLaw: outcomes.every(({ littlesLaw }) => littlesLaw),
      replications: outcomes.length,
    },
    initialState: experiment.initialState,
    parameters: experiment.parameters,
    warnings: experiment.warnings,
    model: {
      hash: hashOfJson(experiment.branch as unknown as Json),
      seed: request.seed,
      code,
      warmUpS,
      ...componentsOfRun(experiment.branch),
    },
  };
}

/** Whose code took part, beside the product's own. */
function componentsOfRun(model: AnyExperimentModel): Pick<RunResult["model"], "components"> {
  const codes = componentsOf(model);
  if (codes.length === 0) return {};
  return { components: codes.map(({ id, pack, version, checksum }) => ({ component: id, pack, version, checksum })) };
}

export function hashOfJson(value: Json): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

function shownKpis(kpis: readonly KpiComparison<KpiEstimate["key"]>[]): readonly KpiEstimate[] {
  return kpis.map(({ difference, ...kpi }) => ({
    ...kpi,
    difference: { mean: difference.mean, halfWidth: difference.halfWidth, relevant: difference.relevant },
    verdict: difference.verdict,
  }));
}

function sharesOf({ live, branch }: Sides): Pick<ResultBody, "timeShares" | "bottleneck"> {
  const [liveShares, branchShares] = [meanShares(live), meanShares(branch)];
  const [liveBottlenecks, branchBottlenecks] = [meanBottlenecks(live), meanBottlenecks(branch)];
  return {
    timeShares: Object.keys(liveShares).map((station) => ({ station, live: liveShares[station]!, branch: branchShares[station] ?? {} })),
    bottleneck: [...new Set([...liveBottlenecks.keys(), ...branchBottlenecks.keys()])].map((station) => ({
      station,
      live: liveBottlenecks.get(station) ?? 0,
      branch: branchBottlenecks.get(station) ?? 0,
    })),
  };
}

function fansOf({ live, branch }: Sides, start: Instant): RunResult["fan"] {
  const fan = (side: readonly Outcome[]) =>
    fanOf(side).map(({ offsetS, ...quantiles }) => ({ at: start + offsetS * SECOND, ...quantiles }));
  return { live: fan(live), branch: fan(branch) };
}

/** What the run says of line number `at`, as a run of it alone would. */
function lineOfRun(sides: Sides, at: number, start: Instant, relevantShare: number | undefined): LineOfRun {
  const of = (side: readonly Outcome[]) => side.map(({ lines }) => lines![at]!.outcome);
  const own: Sides = { live: of(sides.live), branch: of(sides.branch), fixed: of(sides.fixed) };
  return {
    line: sides.live[0]!.lines![at]!.line,
    kpis: shownKpis(compareOutcomes(own.live, own.branch, own.fixed, relevantShare)),
    fan: fansOf(own, start),
    stations: Object.keys(own.live[0]!.shares),
  };
}

function contentOf(side: readonly Outcome[], buffer: number): BufferOfRun["live"] {
  const contents = side.map(({ buffers }) => buffers![buffer]!);
  return { mean: contents.reduce((sum, { mean }) => sum + mean, 0) / contents.length, max: Math.max(...contents.map(({ max }) => max)) };
}
