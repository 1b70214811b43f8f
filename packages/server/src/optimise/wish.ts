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
