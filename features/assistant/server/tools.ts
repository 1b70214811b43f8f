import type { Client, DeclaredSignal, Factor, LineInfo, Optimisation, RunResult, Snapshot } from "@doppelwerk/client";
import { message as messageOf } from "@doppelwerk/kit";
import type { AlarmItem } from "@doppelwerk/sync";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { z } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** What an assistant reaches: the own API, reading by the AAS API, and one kind of writing, on branches. */
export interface Reach {
  readonly client: Client;
  /** GET of a path of the AAS API of a branch, or POST of a query. */
  aas(branch: string, path: string, query?: unknown): Promise<unknown>;
  /** Changes the value of one element of a branch. */
  editBranch(branch: string, reason: string, element: string, from: string, to: string): Promise<void>;
  now(): Instant;
  sleep(milliseconds: number): Promise<void>;
}

export interface Tool<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject<Shape>;
  /** True = changes nothing; false = makes or changes a branch, a run or a merge request, never live and never a machine. */
  readonly readOnly: boolean;
  readonly run: (input: z.infer<z.ZodObject<Shape>>, reach: Reach) => Promise<unknown>;
}

/** ISO 8601 in, microseconds inside; instants go out as ISO 8601 again. */
const moment = z.iso.datetime({ offset: true });
const micros = (text: string): Instant => Date.parse(text) * 1_000;
const branch = z.string().min(1).describe('id of a branch, or "live"');
const fork = z.string().min(1).describe("id of a branch made by `fork`; live is refused");
const MAX_WAIT_MS = 10 * 60_000;
const SERIES_MAX = 200;
const SIGNALS_A_PAGE = 500;

function tool<Shape extends z.ZodRawShape>(made: Omit<Tool<Shape>, "input"> & { readonly input: Shape }): Tool {
  return { ...made, input: z.strictObject(made.input) } as unknown as Tool;
}

/** What takes more than one operation, or waits. Approving, merging, commands to machines and edits of live are not among them, whoever asks. */
export const tools: readonly Tool[] = [
  tool({
    name: "describe_plant",
    description:
      "What this plant is: line, stations, products, connections, since when there is history, and the server's time. Begin here.",
    input: {},
    readOnly: true,
    async run(_input, { client }) {
      const [world, line] = await Promise.all([client.world(), lineIfAny(client)]);
      const stations = line?.stations.map(({ id, name, places, bufferCapacity, idealCycleS, constraint }) => ({
        id,
        name: name.en,
        places,
        bufferCapacity,
        idealCycleS,
        ...(constraint && { isConstraint: true }),
      }));
      return {
        title: world.title.en,
        isDemo: world.demo,
        now: iso(world.now),
        historyFrom: world.historyFrom === undefined ? undefined : iso(world.historyFrom),
        revision: world.revision,
        line: line && {
          id: line.id,
          name: line.name.en,
          taktS: line.taktS,
          constraint: line.constraint,
          stations,
          products: line.products,
        },
        connections: world.connections.map(({ name, state, signals }) => ({ name, state, signals })),
      };
    },
  }),
  tool({
    name: "state_at",
    description:
      "State of every station with its cause, buffers, work in progress, shift so far and alarms, at an instant of the past or now.",
    input: { at: moment.optional().describe("default: now") },
    readOnly: true,
    async run({ at }, { client }) {
      if (at !== undefined) await refuseUnknown(client, micros(at));
      const snapshot = await client.snapshot(at === undefined ? undefined : micros(at));
      const { instant, live, watchedSince, stations, wip, shift, alarms } = snapshot;
      return {
        at: iso(instant),
        live,
        ...readSoFar(snapshot),
        ...(watchedSince !== undefined && { watchedSince: iso(watchedSince) }),
        wip,
        shift: shift && { ...shift, from: iso(shift.from), to: iso(shift.to) },
        stations: stations.map(({ id, state, cause, inferred, since, buffer, good, lastCycleS }) => ({
          id,
          state,
          cause,
          ...(inferred && { isInferred: true }),
          ...(since > 0 && { since: iso(since) }),
          buffer: `${buffer.count} of ${buffer.capacity}`,
          good,
          lastCycleS,
        })),
        alarms: withTimes(alarms),
      };
    },
  }),
  tool({
    name: "kpis",
    description: "KPIs of a period after ISO 22400-2: OEE at the constraint and its parts, counts, losses by station.",
    input: { from: moment, to: moment },
    readOnly: true,
    async run({ from, to }, { client }) {
      const [kpis, now] = await Promise.all([client.kpis(micros(from), micros(to)), client.snapshot()]);
      return { ...readSoFar(now), ...(withTimes(kpis) as object) };
    },
  }),
  tool({
    name: "shifts",
    description: "KPIs of the past shifts, newest last.",
    input: { last: z.int().min(1).max(100).default(10) },
    readOnly: true,
    async run({ last }, { client }) {
      const [shifts, now] = await Promise.all([client.shifts(), client.snapshot()]);
      return { ...readSoFar(now), shifts: withTimes(shifts.slice(-last)) };
    },
  }),
  tool({
    name: "alarm_history",
    description:
      "The steps of the alarms of a period (ISA-18.2 states), of one station or all: the newest `most`, newest first; with `more`, end the period earlier for older ones.",
    input: { from: moment, to: moment, station: z.string().optional(), most: z.int().min(1).max(300).default(100) },
    readOnly: true,
    async run({ from, to, station, most }, { client }) {
      const { alarms, next } = await client.requester.json<{ readonly alarms: readonly AlarmItem[]; readonly next?: string }>(
        "GET",
        "/alarm-transitions",
        { query: { from: micros(from), to: micros(to), station, limit: most } },
      );
      return { steps: withTimes(alarms), more: next !== undefined };
    },
  }),
  tool({
    name: "find_signals",
    description: "Signals whose name or shell holds a text, with id and unit.",
    input: { text: z.string().min(1).max(100), most: z.int().min(1).max(200).default(50) },
    readOnly: true,
    async run({ text, most }, { client }) {
      const [{ connections }, line] = await Promise.all([client.world(), lineIfAny(client)]);
      const roles = new Map(
        line?.stations.flatMap(({ id, signals }) => Object.entries(signals).map(([role, signal]) => [signal, `${id} ${role}`] as const)),
      );
      const wanted = text.toLowerCase();
      const found: { readonly signal: string; readonly role?: string; readonly name: string; readonly unit?: string }[] = [];
      for (const connection of connections)
        for await (const { id, name, unit } of signalsOf(client, connection.id)) {
          const role = roles.get(id);
          if (!`${role ?? ""} ${name} ${id}`.toLowerCase().includes(wanted)) continue;
          found.push({ signal: id, ...(role !== undefined && { role }), name, ...(unit !== undefined && { unit }) });
          if (found.length === most) return found;
        }
      return found;
    },
  }),
  tool({
    name: "trend",
    description: "A signal over a period in buckets: minimum, maximum, mean; null where nothing is known. Quality 0 is good.",
    input: { signal: z.string(), from: moment, to: moment, points: z.int().min(10).max(SERIES_MAX).default(50) },
    readOnly: true,
    async run({ signal, from, to, points }, { client }) {
      const { width, from: start, ...rest } = await client.trend(signal, micros(from), micros(to), points);
      return { ...rest, from: iso(start), bucketS: width / 1e6 };
    },
  }),
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
    description: "What can be changed on the line of a branch: value on live and on the branch, range, unit, and what was planned already.",
    input: { branch },
    readOnly: true,
    run: async ({ branch: of }, { client }) => (await client.factors(of)).map(factorLine),
  }),
  tool({
    name: "backtest",
    description:
      "How well the forecast would have done on past shifts: bias, error, coverage and skill by horizon. Quote it beside every forecast.",
    input: {},
    readOnly: true,
    run: async (_input, { client }) => withTimes(await client.backtest()),
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
    input: { branch: fork, key: z.string(), value: z.number(), reason: z.string().trim().min(1).max(500) },
    readOnly: false,
    async run({ branch: of, key, value, reason }, { client, editBranch }) {
      refuseLive(of);
      const factor = (await client.factors(of)).find((candidate) => candidate.key === key);
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
      "Simulates a branch and live on the same random numbers and waits for the result. forecast = this and the next shift from the present state; study = the long run.",
    input: {
      branch: fork,
      kind: z.enum(["forecast", "study"]),
      replications: z.int().min(10).max(200).default(30),
      seed: z
        .int()
        .min(1)
        .max(2 ** 31)
        .default(1),
    },
    readOnly: false,
    async run({ branch: of, kind, replications, seed }, { client, sleep }) {
      refuseLive(of);
      const { id } = await client.run(of, { kind, replications, seed });
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
    },
    readOnly: false,
    async run({ branch: of, factors: wanted, goals, keep, keepTotal, prices, replications, seed }, { client, sleep }) {
      refuseLive(of);
      const known = await client.factors(of);
      const factors = wanted.map(({ key, min, max, price }) => {
        const factor = known.find((candidate) => candidate.key === key);
        if (factor === undefined) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("assistant.branchNoFactor", { key }));
        return { factor, request: { key, min: min ?? factor.min, max: max ?? factor.max, ...(price === undefined ? {} : { price }) } };
      });
      const { id } = await client.optimise(of, {
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

/** Undefined: the plant has connections and shells and no line yet. */
async function lineIfAny(client: Client): Promise<LineInfo | undefined> {
  try {
    return await client.line();
  } catch (error) {
    if (error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Every answer that counts says so while the past is still read. */
function readSoFar({ reading }: Snapshot) {
  return reading === undefined ? {} : { historyRead: `${Math.floor(reading * 100)} %: counts and past alarms are not all known yet` };
}

/** Before the first record nothing is known of a plant: an answer of zeros would read as one that stood still. */
async function refuseUnknown(client: Client, at: Instant): Promise<void> {
  const { historyFrom, now } = await client.world();
  const begin = historyFrom ?? now;
  if (at < begin) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("assistant.nothingKnown", { at: iso(at), begin: iso(begin) }));
}

async function* signalsOf(client: Client, connection: string): AsyncGenerator<DeclaredSignal> {
  for (let offset = 0; ; offset += SIGNALS_A_PAGE) {
    const { total, signals } = await client.connectionSignals(connection, { limit: SIGNALS_A_PAGE, offset });
    yield* signals;
    if (offset + signals.length >= total || signals.length === 0) return;
  }
}

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
    spent: `${spent} of ${budget} replications, ${judged} variants`,
    seed,
  };
}

function refuseLive(of: string): void {
  if (of === LIVE) throw new DoppelwerkError("DW_FORBIDDEN", messageOf("assistant.assistantNeverChangesLive"));
}

function factorLine({ key, station, label, unit, live, value, planned, min, max, step, propertyClass, outsideObserved }: Factor) {
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
  };
}

function resultLines({ run, kpis, bottleneck, initialState, warnings, model }: RunResult) {
  return { run: withTimes(run), kpis, bottleneck, initialState: initialState.slice(0, 50), warnings, model };
}

/** Microseconds since the epoch under the names that hold instants, as ISO 8601. */
export function withTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTimes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      typeof field === "number" && isInstantName(name) && field > 1e14 ? iso(field) : withTimes(field),
    ]),
  );
}

function isInstantName(name: string): boolean {
  return /^(at|from|to|now|since|instant|until)$|(At|Since|From|Until)$/.test(name);
}

function iso(instant: Instant): string {
  return new Date(instant / 1_000).toISOString();
}
