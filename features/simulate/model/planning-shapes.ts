import type {
  BlendAnswer,
  BlendRequest,
  LineBalanceWork,
  LineLayout,
  LineSchedule,
  SearchState,
  SearchRequest,
  SequenceCheck,
} from "@doppelwerk/client";
import { localText, shapeOf, withFormerNames, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import type { LayoutPlace, LayoutProblem, LineOrder, SchedulePlan, ScheduleProblem } from "@doppelwerk/sim/optimise";
import { price } from "./optimisation-shapes.ts";
import { line, seed } from "./run-shapes.ts";
import { fault, message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

const count = z.number().int().min(0).max(1_000_000);
const machine = z.object({
  id: z.string().max(200),
  label: z.string().max(300),
  closed: z
    .array(z.object({ from: z.number(), to: z.number() }))
    .max(5_000)
    .optional(),
  setUp: z.object({ initial: z.string().max(200).optional(), times: z.record(z.string(), z.record(z.string(), z.number())) }).optional(),
});
const job = z.object({
  id: z.string().max(200),
  label: z.string().max(300),
  release: z.number().optional(),
  due: z.number().optional(),
  family: z.string().max(200).optional(),
  operations: z
    .array(z.object({ choices: z.array(z.object({ machine: count, time: z.number() })).max(500), passOn: z.number().optional() }))
    .max(5_000),
});

/** Shape of a `ScheduleProblem`; whether it can be is judged by `checkScheduleProblem`. */
const scheduleProblem = shapeOf<ScheduleProblem>()(
  z.object({
    format: z.literal("doppelwerk-schedule/1"),
    title: z.string().max(300),
    unit: z.enum(["s", "1"]),
    machines: z.array(machine).max(1_000),
    jobs: z.array(job).max(5_000),
  }),
);
const plan = shapeOf<SchedulePlan>()(
  z.object({
    order: z.array(count).max(5_000),
    choice: z.array(count).max(5_000),
    locked: z.record(z.string(), z.number()).default({}),
  }),
);
const area = { x: z.number(), y: z.number(), width: z.number(), depth: z.number() };

/** Shape of a `LayoutProblem`; whether it can be is judged by `checkLayoutProblem`. */
const layoutProblem = shapeOf<LayoutProblem>()(
  z.object({
    format: z.literal("doppelwerk-layout/1"),
    floor: z.object(area),
    aisles: z.array(z.object(area)).max(200),
    clearance: z.number(),
    machines: z.array(z.object({ ...area, id: z.string().max(200), label: z.string().max(300), fixed: z.boolean().optional() })).max(200),
    flows: z.array(z.object({ from: count, to: count, amount: z.number() })).max(10_000),
    moveCost: z.number(),
  }),
);
const place = shapeOf<LayoutPlace>()(z.object({ x: z.number(), y: z.number(), turned: z.boolean() }));

/** Shape of a `LineBalance`; whether it can be is judged when its search begins. */
const lineBalance = z.object({
  time: z.array(z.number()).min(1).max(5_000),
  precedences: z.array(z.tuple([count, count])).max(100_000),
  goal: z.union([z.object({ cycle: z.number().int().min(1) }), z.object({ stations: z.number().int().min(1).max(5_000) })]),
  places: z.array(count).max(5_000).optional(),
  bound: z.array(count.nullable()).max(5_000).optional(),
});

const budgetOfSearch = {
  title: z.string().trim().min(1).max(200),
  seed: seed.default(1),
  iterations: z.number().int().min(1).max(1e9).default(200_000),
  seconds: z.number().min(1).max(3_600).default(60),
};
const text = z.string().min(1).max(5_000_000);

export const searchBody = shapeOf<SearchRequest>()(
  withFormerNames(
    { what: "kind" },
    z.discriminatedUnion("kind", [
      z.object({
        ...budgetOfSearch,
        kind: z.literal("schedule"),
        problem: scheduleProblem,
        goal: z.enum(["makespan", "lateness"]).default("makespan"),
        from: plan.optional(),
      }),
      z.object({
        ...budgetOfSearch,
        kind: z.literal("layout"),
        problem: layoutProblem,
        onto: z.enum(["floor", "places"]).default("floor"),
      }),
      z
        .object({
          ...budgetOfSearch,
          kind: z.literal("line-balancing"),
          text: text.optional(),
          problem: lineBalance.optional(),
          from: z.array(count).max(5_000).optional(),
        })
        .refine((request) => (request.text === undefined) !== (request.problem === undefined), fault(message("simulate.textOrProblem"))),
      z.object({ ...budgetOfSearch, kind: z.literal("flow-shop"), text }),
      z.object({ ...budgetOfSearch, kind: z.literal("qap"), text }),
    ]),
  ),
);

const searchKind = z.enum(["schedule", "layout", "line-balancing", "flow-shop", "qap"]);
/** A request as it was answered before: with `what` beside `kind`. */
export const formerSearchBody = z.looseObject({ what: searchKind });

export const searchState = shapeOf<SearchState>()(
  z.object({
    id: z.string(),
    kind: searchKind,
    what: searchKind.optional().describe("deprecated: use kind"),
    title: z.string(),
    state: z.enum(["queued", "running", "done", "cancelled", "failed"]),
    /** `finished`: nothing better exists; else what ended it. */
    end: z.enum(["finished", "iterations", "time", "cancelled"]).optional(),
    iterations: z.int(),
    budget: z.int(),
    seed: z.int(),
    objective: z.number().optional(),
    lowerBound: z.number().optional(),
    /** By kind: a plan, places of a layout, or the station of each task, a sequence of jobs, a permutation of sites from 0. */
    solution: z.union([plan, z.array(place), z.array(z.int())]).optional(),
    startedAt: z.int(),
    finishedAt: z.int().optional(),
    resumed: z.int(),
    message: z.string().optional(),
    reason: messageShape.optional(),
  }),
);

export const scheduleQuery = z.object({
  line,
  orders: z.coerce.number().int().min(1).max(200).default(12),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
});
const order = shapeOf<LineOrder>()(
  z.object({
    id: z.string().max(200),
    product: z.string().max(200),
    quantity: z.number().int().min(1).max(1_000_000),
    due: z.number().optional(),
  }),
);

/** Orders of a line as a schedule, and what was taken from where. */
export const lineSchedule = shapeOf<LineSchedule>()(
  z.object({ problem: scheduleProblem, start: z.int(), source: z.enum(["documents", "program"]), orders: z.array(order) }),
);

export const checkBody = z.object({
  line,
  orders: z.array(order).min(1).max(500),
  replications: z.number().int().min(3).max(500).default(30),
  seed: seed.default(1),
  horizonS: z.number().min(60).max(1e8),
});
/** Times in seconds from the start; null = not done within the simulated time. */
const seconds = z.number().nullable();
export const sequenceCheck = shapeOf<SequenceCheck>()(
  z.object({
    orders: z.array(
      z.object({
        id: z.string(),
        mean: seconds,
        confidence: seconds,
        low: seconds,
        median: seconds,
        high: seconds,
        onTime: z.number().optional(),
        /** Replications in which it was not done when the simulated time ended. */
        unfinished: z.int(),
      }),
    ),
    replications: z.int(),
    horizonS: z.number(),
  }),
);

interface KeptSchedule {
  readonly line?: string | undefined;
  readonly problem: ScheduleProblem;
  readonly plan: SchedulePlan;
  readonly start: number;
  readonly orders?: readonly LineOrder[];
  readonly shell?: string;
}
export const keepScheduleBody = shapeOf<KeptSchedule>()(
  z.object({
    line,
    problem: scheduleProblem,
    plan,
    start: z.number().int(),
    orders: z.array(order).max(500).optional(),
    shell: z.string().max(2_000).optional(),
  }),
);

const share = z.number().min(0).max(1);
const mass = z.number().min(0).max(1e12);
export const blendBody = shapeOf<BlendRequest>()(
  z.object({
    productKg: z.number().positive().max(1e12),
    materials: z
      .array(
        z.object({
          name: z.string().trim().min(1).max(200),
          costPerKg: price,
          availableKg: mass.optional(),
          yield: z.number().positive().max(1).optional(),
          pieceKg: z.number().positive().max(1e9).optional(),
          content: z.record(z.string().max(100), share),
        }),
      )
      .min(1)
      .max(2_000),
    limits: z.array(z.object({ element: z.string().trim().min(1).max(100), low: share.optional(), high: share.optional() })).max(500),
  }),
);
export const keepBlendBody = withFormerNames(
  { wish: "request" },
  z.object({ request: blendBody, shell: z.string().max(2_000).optional() }),
);
const limit = z.enum(["lower", "upper"]);
export const blendAnswer = shapeOf<BlendAnswer>()(
  z.object({
    status: z.enum(["optimal", "infeasible", "unbounded", "limit"]),
    cost: z.number().optional(),
    /** No charge costs less. */
    bound: z.number().optional(),
    masses: z.array(z.object({ name: z.string(), kg: z.number(), pieces: z.int().optional() })).optional(),
    analysis: z
      .array(z.object({ element: z.string(), share: z.number(), low: z.number().optional(), high: z.number().optional() }))
      .optional(),
    prices: z.array(z.object({ row: z.string(), limit, at: z.number(), unit: z.string(), saves: z.number() })).optional(),
    conflict: z.array(z.object({ row: z.string(), limit, at: z.number(), unit: z.string(), by: z.number() })).optional(),
    ms: z.number(),
  }),
);

export const lineBalanceWork = shapeOf<LineBalanceWork>()(
  z.object({
    work: z.object({
      stations: z.array(z.object({ id: z.string(), label: localText, places: z.int() })),
      elements: z.array(
        z.object({
          id: z.string(),
          label: localText,
          /** Index of the station where it is done now. */
          station: z.int(),
          seconds: z.number(),
          /** Indices of the elements that must have been done before. */
          after: z.array(z.int()),
          fixed: z.boolean(),
        }),
      ),
      taktS: z.number().optional(),
    }),
    source: z.enum(["history", "documents"]),
  }),
);
export const keepWorkBody = z.object({ line, stationOf: z.record(z.string().max(200), z.string().max(200)) });

/** The layout of a line as a problem, places as the scene has them. */
export const lineLayout = shapeOf<LineLayout>()(z.object({ problem: layoutProblem, source: z.enum(["history", "takt"]) }));
export const keepLayoutBody = z.object({ line, problem: layoutProblem, places: z.array(place).max(200).readonly() });
/** How many properties of documents were changed. */
export const changesMade = z.object({ changes: z.int() });
