import { z } from "zod";
import { tableSettings } from "./table-layout.ts";
import { fault } from "@doppelwerk/messages/faults";
import { message } from "@doppelwerk/messages";

export const csvSettings = z.strictObject({
  ...tableSettings,
  /** Names of files, `*` for any part. */
  pattern: z
    .string()
    .min(1)
    .max(200)
    .refine((text) => /^[^/\\]+$/.test(text), fault(message("connectors.faultPatternPath")))
    .default("*.csv"),
  /** Without it the one that cuts the header into most columns. */
  delimiter: z.enum([",", ";", "\t", "|"]).optional(),
  scanS: z.number().min(0.05).max(86_400).default(2),
  maxFileBytes: z.int().min(1).max(1_000_000_000).default(100_000_000),
});
export type CsvSettings = z.infer<typeof csvSettings>;

export const replaySettings = z.strictObject({
  ...tableSettings,
  /** Without it by the content: XES, SHDR, an event log (case, activity, start or time) or a table. */
  format: z.enum(["table", "events", "shdr", "xes"]).optional(),
  /** Seconds of the recording in one second; 0 = as fast as it is taken. */
  speed: z.number().min(0).max(1_000_000).default(0),
  /** The first row is laid at the start of the replay; else the times stay those of the recording. */
  shiftToNow: z.boolean().default(false),
  maxFileBytes: z.int().min(1).max(1_000_000_000).default(200_000_000),
});
export type ReplaySettings = z.infer<typeof replaySettings>;
