import type { Client, Factor, Optimisation, RunResult } from "@doppelwerk/client";
import { message as messageOf, z } from "@doppelwerk/kit";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { lineInput, meantLine } from "./named-line.ts";
import { placeTools } from "./place-tools.ts";
import { readingTools } from "./reading-tools.ts";
import { micros, moment, refuseLive, tool, withTimes, type Reach, type Tool } from "./tool.ts";

const branch = z.string().min(1).describe('id of a branch, or "live"');
const fork = z.string().min(1).describe("id of a branch made by `fork`; live is refused");
const MAX_WAIT_MS = 10 * 60_000;

/** What takes more than one operation, or waits. Approving, merging, commands to machines and edits of live are not among them, whoever asks. */
export const tools: readonly Tool[] = [
  ...readingTools,
  ...placeTools,
  tool({
    name: "read_aas",
    description:
      "GET of the AAS API (IDTA-01002 3.1) of a branch: `path` begins with a slash, for example /shells?limit=5 or /submodels/{base64url id}/submodel-elements/{idShortPath}/$value.",
    input: { path: z.string().startsWith("/").max(4_000), branch: branch.default(LIVE) },
    readOnly: true,
    run: ({ path, branch: of }, { aas }) => aas(of, path),
  }),
  tool({
    name: "query_aas",
    description:
      "A query of the AAS query language over a repository of a branch: condition is its JSON form, without $condition around it.",
    input: {
      of: z.enum(["shells", "submodels", "concept-descriptions"]),
      condition: z.record(z.string(), z.unknown()),
      branch: branch.default(LIVE),
      limit: z.int().min(1).max(100).default(20),
    },
    readOnly: true,
    run: ({ of, condition, branch: where, limit }, { aas }) => aas(where, `/query/${of}?limit=${limit}`, { $condition: condition }),
  }),
  tool({
    name: "factors",
    description: "What can be changed on a line of a branch: value on live and on the branch, range, unit, and what was planned already.",
    input: { branch, line: lineInput },
    readOnly: true,
    run: async ({ branch: of, line }, { client }) => (await client.factors(of, (await meantLine(client, line)).query)).map(factorLine),
  }),
  tool({
    name: "backtest",
    description:
      "How well the forecast of a line would have done on past shifts: bias, error, coverage and skill by horizon. Quote it beside every forecast.",
    input: { line: lineInput },
    readOnly: true,
    async run({ line }, { client }) {
      const { query, shown } = await meantLine(client, line);
      const found = await client.backtest(query);
      return { ...shown, ...(withTimes(found) as object) };
    },
  }),
  tool({
    name: "fork",
    description:
      "Makes a branch of the live plant at an instant (default: now), where things can be changed and simulated without touching the plant.",
    input: { name: z.string().trim().min(1).max(120), at: moment.optional() },
    readOnly: false,
    run: async ({ name, at }, { client }) => withTimes(await client.fork(name, at === undefined ? undefined : micros(at))),
  }),
  tool({
    name: "set_factor",
    description: "Changes one factor on a branch; live and the machines stay as they are.",
    input: { branch: fork, key: z.string(), value: z.number(), reason: z.string().trim().min(1).max(500), line: lineInput },
    readOnly: false,
    async run({ branch: of, key, value, reason, line }, { client, editBranch }) {
      refuseLive(of);
      const { query } = await meantLine(client, line);
      const factor = (await client.factors(of, query)).find((candidate) => candidate.key === key);
      if (factor === undefined) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("assistant.branchNoFactor", { key }));
      if (value < factor.min || value > factor.max)
        throw new DoppelwerkError(
          "DW_INVALID",
          messageOf("assistant.mayNot", {
            key,
            min: factor.min,
            max: factor.max,
            unit: factor.unit === "1" ? "" : ` ${factor.unit}`,
            value,
          }),
        );
      if (value !== factor.value) await editBranch(of, reason, factor.element, String(factor.value), String(value));
      return factorLine({ ...factor, value });
    },
  }),
  tool({
    name: "run",
    description:
      "Simulates a branch and live on the same random numbers and waits for the result. forecast = this and the next shift from the present state; study = the long run. `lines` names several that run at once, with the buffers that they share.",
    input: {
      branch: fork,
      kind: z.enum(["forecast", "study"]),
      replications: z.int().min(10).max(200).default(30),
      seed: z
        .int()
        .min(1)
        .max(2 ** 31)
        .default(1),
      line: lineInput,
      lines: z.array(z.string().min(1).max(300)).min(2).max(20).optional().describe("several lines at once, in place of `line`"),
    },
    readOnly: false,
    async run({ branch: of, kind, replications, seed, line, lines }, { client, sleep }) {
      refuseLive(of);
      if (line !== undefined && lines !== undefined) throw new DoppelwerkError("DW_INVALID", messageOf("assistant.lineOrLines"));
      const several = lines && (await Promise.all(lines.map(async (each) => (await meantLine(client, each)).query.line!)));
      const which = several === undefined ? (await meantLine(client, line)).query : { lines: several };
      const { id } = await client.run(of, { kind, replications, seed, ...which });
      for (let waited = 0; waited < MAX_WAIT_MS; waited += 250) {
        const result = await client.runResult(id);
        const { state, message } = result.run;
        if (state === "done") return resultLines(result);
        if (state === "failed" || state === "cancelled")
          throw new DoppelwerkError("DW_CANCELLED", messageOf("assistant.run", { state, message: message ? `: ${message}` : "" }));
        await sleep(250);
      }
      throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("assistant.runNotDoneAfter10Minutes", { id }));
    },
  }),
  tool({
    name: "compare",
    description:
      "What a branch changes against live, and the result of its last finished run: means with confidence and with the spread of single shifts, paired difference, verdict.",
    input: { branch: fork },
    readOnly: true,
    async run({ branch: of }, { client }) {
      const [diff, runs] = await Promise.all([client.diff(of), client.runs(of)]);
      const last = runs.filter(({ state }) => state === "done").at(-1);
      return { differs: diff.length, diff: diff.slice(0, 100), result: last && resultLines(await client.runResult(last.id)) };
    },
  }),
  tool({
    name: "optimise",
    description:
      "Searches for the best values of factors of a branch on the simulator, puts the winner onto the branch and judges it against live on fresh seeds. Waits for the answer. `keepTotal` only divides anew what there is. Of several goals a front comes back, and nothing is put anywhere: choose with `choose_optimum`.",
    input: {
      branch: fork,
      factors: z
        .array(z.object({ key: z.string(), min: z.number().optional(), max: z.number().optional(), price: z.number().optional() }))
        .min(1)
        .max(60)
        .describe("keys of `factors`; bounds default to the factor's own; price of one unit a shift, for the goal cost"),
      goals: z
        .array(z.enum(["throughput", "leadTime", "wip", "oee", "rework", "energy", "cost"]))
        .min(1)
        .max(3)
        .default(["throughput"]),
      keep: z
        .array(z.enum(["throughput", "leadTime", "wip", "oee", "rework", "energy", "cost"]))
        .max(7)
        .default([])
        .describe("what may not get worse than it is now, as throughput when the goal is cost or wip"),
      keepTotal: z.boolean().default(false),
      prices: z
        .object({ part: z.number(), wip: z.number(), energyKwh: z.number(), workingKw: z.number(), waitingKw: z.number() })
        .partial()
        .default({}),
      replications: z.int().min(20).max(2_000).default(200),
      seed: z
        .int()
        .min(0)
        .max(2 ** 31 - 1)
        .default(1),
      line: lineInput,
    },
    readOnly: false,
    async run({ branch: of, factors: wanted, goals, keep, keepTotal, prices, replications, seed, line }, { client, sleep }) {
      refuseLive(of);
      const { query } = await meantLine(client, line);
      const known = await client.factors(of, query);
      const factors = wanted.map(({ key, min, max, price }) => {
        const factor = known.find((candidate) => candidate.key === key);
        if (factor === undefined) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("assistant.branchNoFactor", { key }));
        return { factor, request: { key, min: min ?? factor.min, max: max ?? factor.max, ...(price === undefined ? {} : { price }) } };
      });
      const { id } = await client.optimise(of, {
        ...query,
        title: `${factors.map(({ request }) => request.key).join(", ")}: ${goals.join(", ")}`.slice(0, 200),
        factors: factors.map(({ request }) => request),
        totals: keepTotal
          ? [{ keys: wanted.map(({ key }) => key), kind: "exactly", total: factors.reduce((sum, { factor }) => sum + factor.value, 0) }]
          : [],
        goals,
        keep,
        prices: Object.fromEntries(Object.entries(prices).filter(([, value]) => value !== undefined)),
        kind: "study",
        shifts: 4,
        seed,
        budget: replications,
        confirm: 30,
      });
      return optimisationWhenOver(id, client, sleep);
    },
  }),
  tool({
    name: "optimisation",
    description: "How far an optimisation is and what it has found; with a branch instead of an id those of the branch.",
    input: { id: z.string().optional(), branch: fork.optional() },
    readOnly: true,
    async run({ id, branch: of }, { client }) {
      if (id !== undefined) return withTimes(optimisationLines(await client.optimisation(id)));
      if (of === undefined) throw new DoppelwerkError("DW_INVALID", messageOf("assistant.idOrBranchNeeded"));
      return withTimes(await client.optimisations(of));
    },
  }),
  tool({
    name: "choose_optimum",
    description: "Puts one point of a front onto its branch and judges it against live on fresh seeds; waits for the verdict.",
    input: { id: z.string(), point: z.int().min(0) },
    readOnly: false,
    async run({ id, point }, { client, sleep }) {
      await client.chooseOptimum(id, point);
      return optimisationWhenOver(id, client, sleep);
    },
  }),
  tool({
    name: "propose",
    description: "Opens a merge request for a branch, with its finished runs. A person reviews and approves it; nothing is merged by this.",
    input: {
      branch: fork,
      title: z.string().trim().min(1).max(200),
      text: z.string().max(10_000).default(""),
      owner: z.string().trim().min(1).max(120).describe("who would carry the change out"),
      effectiveFrom: z.iso.date(),
      action: z.string().trim().min(1).max(500).describe("what would have to be done on the plant"),
    },
    readOnly: false,
    async run({ branch: of, title, text, owner, effectiveFrom, action }, { client }) {
      refuseLive(of);
      const runs = (await client.runs(of)).filter(({ state }) => state === "done").map(({ id }) => id);
      return withTimes(await client.propose({ branch: of, title, text, runs, planned: { owner, effectiveFrom, action } }));
    },
  }),
  tool({
    name: "merge_requests",
    description: "Open and past merge requests; with an id one of them with diff, results and comments.",
    input: { id: z.string().optional() },
    readOnly: true,
    run: async ({ id }, { client }) => withTimes(id === undefined ? await client.mergeRequests() : await client.mergeRequest(id)),
  }),
];

async function optimisationWhenOver(id: string, client: Client, sleep: Reach["sleep"]): Promise<unknown> {
  for (let waited = 0; waited < MAX_WAIT_MS; waited += 500) {
    const found = await client.optimisation(id);
    if (found.state === "done") return withTimes(optimisationLines(found));
    if (found.state === "failed" || found.state === "cancelled")
      throw new DoppelwerkError(
        "DW_CANCELLED",
        messageOf("assistant.optimisation", { state: found.state, reason: found.message ? `: ${found.message}` : "" }),
      );
    await sleep(500);
  }
  throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("assistant.optimisationNotDoneAfter10Minutes", { id }));
}

/** `inSearch` is what a point won with, chosen for its luck too; `confirmed` is what may be quoted. */
function optimisationLines({
  id,
  branch: of,
  state,
  goals,
  units,
  present,
  points,
  chosen,
  confirmed,
  run,
  verdict,
  spent,
  budget,
  judged,
  seed,
  message,
}: Optimisation) {
  return {
    id,
    branch: of,
    state,
    message,
    goals: goals.map((goal, i) => `${goal} ${units[i]}`),
    present,
    inSearch: points.slice(0, 50),
    chosen,
    confirmed,
    run,
    verdict,
    spent: `${spent} replications for ${judged} variants (${budget} replications requested)`,
    seed,
  };
}

function factorLine({ key, station, label, unit, live, value, planned, min, max, step, propertyClass, outsideObserved, observed }: Factor) {
  return {
    key,
    station,
    label: label.en,
    unit,
    live,
    value,
    planned,
    min,
    max,
    step,
    class: propertyClass,
    ...(outsideObserved && { isOutsideObserved: true }),
    ...(observed !== undefined && { observed: { min: observed.min, max: observed.max } }),
  };
}

function resultLines({ run, kpis, bottleneck, initialState, warnings, model }: RunResult) {
  return { run: withTimes(run), kpis, bottleneck, initialState: initialState.slice(0, 50), warnings, model };
}
