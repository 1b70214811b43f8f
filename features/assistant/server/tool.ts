import type { Client } from "@doppelwerk/client";
import { message, z } from "@doppelwerk/kit";
import { DoppelwerkError, LIVE, type Instant } from "@doppelwerk/world";
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
export const moment = z.iso.datetime({ offset: true });

export function micros(text: string): Instant {
  return Date.parse(text) * 1_000;
}

export function iso(instant: Instant): string {
  return new Date(instant / 1_000).toISOString();
}

export function tool<Shape extends z.ZodRawShape>(made: Omit<Tool<Shape>, "input"> & { readonly input: Shape }): Tool {
  return { ...made, input: z.strictObject(made.input) } as unknown as Tool;
}

export function refuseLive(of: string): void {
  if (of === LIVE) throw new DoppelwerkError("DW_FORBIDDEN", message("assistant.assistantNeverChangesLive"));
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
