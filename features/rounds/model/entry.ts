import { z } from "@doppelwerk/kit";
import type { EventKind, Instant } from "@doppelwerk/world";
import { Code } from "./round-kind.ts";

const id = z.uuid();
/** Of a yes or no, a measured value, a choice, a note, or the hash of a photo. */
export const AnswerValue = z.union([z.boolean(), z.number(), z.string().max(2_000)]);

const shared = { entry: id, walk: id, round: Code };

/** What a person says on a walk, each once by its `entry`. */
export const Entry = z.discriminatedUnion("kind", [
  z.object({ ...shared, kind: z.literal("started") }),
  z.object({
    ...shared,
    kind: z.literal("answered"),
    point: Code,
    /** The text of the code that was read at the point, and how; absent: none was. */
    scanned: z.string().trim().min(1).max(2_000).optional(),
    how: z.enum(["camera", "typed"]).optional(),
    answers: z.record(Code, AnswerValue).refine((answers) => Object.keys(answers).length <= 50),
    note: z.string().trim().max(2_000).optional(),
  }),
  z.object({ ...shared, kind: z.literal("finished"), note: z.string().trim().max(2_000).optional() }),
]);
export type Entry = z.output<typeof Entry>;

/** As it is recorded. `isScanned`: the code belongs to the point, as the server found; `clockOffsetMs`: how far the clock of the device was behind. */
export const RecordedEntry = z.intersection(Entry, z.object({ isScanned: z.boolean().optional(), clockOffsetMs: z.number().optional() }));
export type RecordedEntry = z.output<typeof RecordedEntry>;

export type EntryFact = RecordedEntry & { readonly at: Instant; readonly known: Instant; readonly by?: string };

export const ENTRY_EVENT = "rounds.entry";
export const roundsEvents: readonly EventKind[] = [{ type: ENTRY_EVENT, version: 1, keys: ["entry", "walk", "round"] }];
