import { STATE_CAUSES, STATION_ROLES, STATION_STATES, type LineDefinition } from "@doppelwerk/operations";
import { z } from "@doppelwerk/kit";

const version = z.object({
  version: z.int(),
  words: z.record(z.string(), z.object({ state: z.enum(STATION_STATES), cause: z.enum(STATE_CAUSES) })),
  blockedBit: z.boolean(),
  starvedBit: z.boolean(),
  neighbours: z.boolean(),
});

const binding = z.object({
  id: z.string(),
  name: z.string(),
  valueType: z.enum(["double", "integer", "boolean", "string", "enumeration"]),
  role: z.string().optional(),
  unit: z.string().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  counter: z.object({ type: z.enum(["totaliser", "shiftReset"]), width: z.union([z.literal(16), z.literal(32)]).optional() }).optional(),
  /** Silence longer than this is "no data", seconds. */
  aliveS: z.number().optional(),
});

const station = z.object({
  id: z.string(),
  label: z.string(),
  shell: z.string().optional(),
  places: z.int(),
  placesFailAlone: z.boolean(),
  idealCycleS: z.number(),
  /** Product id → seconds added to the ideal cycle. */
  addedS: z.record(z.string(), z.number()),
  buffer: z.int(),
  operators: z.number(),
  setUps: z.array(z.object({ attribute: z.string(), durationS: z.number() })),
  maxTries: z.int(),
  rejectTo: z.string().optional(),
  signals: z.partialRecord(z.enum(STATION_ROLES), binding),
  placeSignals: z.array(binding).optional(),
  processValues: z.array(binding),
  mapping: version.extend({ later: z.array(version.extend({ from: z.int() })).optional() }),
});

const shift = z.object({
  name: z.string(),
  startMinute: z.number(),
  endMinute: z.number(),
  days: z.array(z.int()),
  breaks: z.array(z.object({ startMinute: z.number(), minutes: z.number() })),
  except: z.array(z.string()).optional(),
  also: z.array(z.string()).optional(),
  from: z.int().optional(),
  until: z.int().optional(),
});

/** What the fold of a line knows of it; a browser folds with it too. */
export const definitionShape: z.ZodType<LineDefinition, LineDefinition> = z.object({
  id: z.string(),
  label: z.string(),
  shell: z.string().optional(),
  taktS: z.number().optional(),
  constraint: z.string().optional(),
  stations: z.array(station),
  flows: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      kind: z.enum(["main", "assembly", "reject", "return"]),
      travelS: z.number(),
      lengthM: z.number().optional(),
    }),
  ),
  products: z.array(
    z.object({
      id: z.string(),
      attributes: z.record(z.string(), z.string()),
      share: z.number(),
      batchMin: z.number(),
      batchMax: z.number(),
    }),
  ),
  shifts: z.array(shift),
  timeZone: z.string(),
  carriers: z.object({ count: z.int(), from: z.string(), to: z.string() }).optional(),
}) as unknown as z.ZodType<LineDefinition, LineDefinition>;
