import type { OptimisationWish } from "@doppelwerk/client";
import { z } from "zod";

const price = z.number().min(-1e9).max(1e9);

/** What is asked for over HTTP; whether the factors exist and the bounds are theirs is judged against the branch. */
export const optimisationBody = z.object({
  title: z.string().trim().min(1).max(200),
  factors: z
    .array(z.object({ key: z.string().max(300), min: z.number(), max: z.number(), price: price.optional() }))
    .min(1)
    .max(60),
  totals: z
    .array(z.object({ keys: z.array(z.string().max(300)).min(2).max(60), kind: z.enum(["exactly", "atMost"]), total: z.number() }))
    .max(10)
    .default([]),
  goals: z
    .array(z.enum(["throughput", "leadTime", "wip", "oee", "rework", "energy", "cost"]))
    .min(1)
    .max(3)
    .refine((goals) => new Set(goals).size === goals.length, { message: "a goal is named twice" }),
  keep: z
    .array(z.enum(["throughput", "leadTime", "wip", "oee", "rework", "energy", "cost"]))
    .max(7)
    .default([]),
  prices: z.object({ part: price, wip: price, energyKwh: price, workingKw: price, waitingKw: price }).partial().default({}),
  kind: z.enum(["forecast", "study"]).default("study"),
  shifts: z.number().int().min(1).max(20).default(4),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  budget: z.number().int().min(20).max(100_000).default(600),
  confirm: z.number().int().min(10).max(200).default(30),
}) as unknown as z.ZodType<OptimisationWish>;

export const chooseBody = z.object({ point: z.number().int().min(0).max(10_000) });

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
const scheduleProblem = z.object({
  format: z.literal("doppelwerk-schedule/1"),
  title: z.string().max(300),
  unit: z.enum(["s", "1"]),
  machines: z.array(machine).max(1_000),
  jobs: z.array(job).max(5_000),
});
const plan = z.object({
  order: z.array(count).max(5_000),
  choice: z.array(count).max(5_000),
  locked: z.record(z.string(), z.number()).default({}),
});
const area = { x: z.number(), y: z.number(), width: z.number(), depth: z.number() };

/** Shape of a `LayoutProblem`; whether it can be is judged by `checkLayoutProblem`. */
const layoutProblem = z.object({
  format: z.literal("doppelwerk-layout/1"),
  floor: z.object(area),
  aisles: z.array(z.object(area)).max(200),
  clearance: z.number(),
  machines: z.array(z.object({ ...area, id: z.string().max(200), label: z.string().max(300), fixed: z.boolean().optional() })).max(200),
  flows: z.array(z.object({ from: count, to: count, amount: z.number() })).max(10_000),
  moveCost: z.number(),
});

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
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  iterations: z.number().int().min(1).max(1e9).default(200_000),
  seconds: z.number().min(1).max(3_600).default(60),
};
const text = z.string().min(1).max(5_000_000);

export const searchBody = z.discriminatedUnion("what", [
  z.object({
    ...budgetOfSearch,
    what: z.literal("schedule"),
    problem: scheduleProblem,
    goal: z.enum(["makespan", "lateness"]).default("makespan"),
    from: plan.optional(),
  }),
  z.object({ ...budgetOfSearch, what: z.literal("layout"), problem: layoutProblem, onto: z.enum(["floor", "places"]).default("floor") }),
  z
    .object({
      ...budgetOfSearch,
      what: z.literal("line-balancing"),
      text: text.optional(),
      problem: lineBalance.optional(),
      from: z.array(count).max(5_000).optional(),
    })
    .refine((wish) => (wish.text === undefined) !== (wish.problem === undefined), { message: "either a text or a problem" }),
  z.object({ ...budgetOfSearch, what: z.literal("flow-shop"), text }),
  z.object({ ...budgetOfSearch, what: z.literal("qap"), text }),
]);

export const scheduleQuery = z.object({
  orders: z.coerce.number().int().min(1).max(200).default(12),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
});
const order = z.object({
  id: z.string().max(200),
  product: z.string().max(200),
  quantity: z.number().int().min(1).max(1_000_000),
  due: z.number().optional(),
});
export const checkBody = z.object({
  orders: z.array(order).min(1).max(500),
  replications: z.number().int().min(3).max(500).default(30),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  horizonS: z.number().min(60).max(1e8),
});
export const keepScheduleBody = z.object({
  problem: scheduleProblem,
  plan,
  start: z.number().int(),
  orders: z.array(order).max(500).optional(),
  shell: z.string().max(2_000).optional(),
});

const share = z.number().min(0).max(1);
const mass = z.number().min(0).max(1e12);
export const blendBody = z.object({
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
});
export const keepBlendBody = z.object({ wish: blendBody, shell: z.string().max(2_000).optional() });
export const keepWorkBody = z.object({ stationOf: z.record(z.string().max(200), z.string().max(200)) });
export const keepLayoutBody = z.object({
  problem: layoutProblem,
  places: z.array(z.object({ x: z.number(), y: z.number(), turned: z.boolean() })).max(200),
});
