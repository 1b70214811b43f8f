import { z } from "@doppelwerk/kit";
import type { Stage } from "@doppelwerk/scene";

/** Metres, right-handed, Y up. */
const vector = z.tuple([z.number(), z.number(), z.number()]);
const pose = z.object({ position: vector, turn: z.number() });
const path = z.object({
  id: z.string(),
  kind: z.enum(["main", "assembly", "rework", "supply", "scrap"]),
  from: z.string(),
  to: z.string(),
  points: z.array(vector),
  lengthM: z.number(),
});
const station = z.object({
  id: z.string(),
  label: z.string(),
  subject: z.string().optional(),
  labelAt: vector,
  beaconAt: vector,
  places: z.array(pose),
  buffer: z.array(pose.extend({ path: z.string().optional(), fraction: z.number().optional() })),
  footprint: z.object({ centre: z.tuple([z.number(), z.number()]), lengthM: z.number(), depthM: z.number(), turn: z.number() }),
});

/** Everything that stands in a world, without a renderer. A part has the fields of its kind besides. */
export const stageShape: z.ZodType<Stage, Stage> = z.object({
  parts: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      position: vector,
      turn: z.number(),
      label: z.string().optional(),
      stationId: z.string().optional(),
      subject: z.string().optional(),
      place: z.int().optional(),
    }),
  ),
  stations: z.array(station),
  paths: z.array(path),
  tracks: z.array(path),
  product: z.record(z.string(), z.looseObject({ kind: z.string() })).optional(),
  floor: z.looseObject({}).optional(),
  bounds: z.object({ min: vector, max: vector }),
}) as unknown as z.ZodType<Stage, Stage>;
