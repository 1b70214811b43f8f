import { endpoint, instant, localText, topic, z } from "@doppelwerk/kit";
import { alarmShape, messageShape } from "@doppelwerk/ports";
import { definitionShape } from "./model/definition-shape.ts";
import { stageShape } from "./model/stage-shape.ts";

/** Times are microseconds since 1970. */
const time = z.int();

export const StationInfo = z.object({
  id: z.string(),
  name: localText,
  shell: z.string(),
  places: z.int(),
  idealCycleS: z.number(),
  bufferCapacity: z.int(),
  constraint: z.boolean(),
  /** Role → signal record id. */
  signals: z.record(z.string(), z.string()),
  /** Process values to show, most relevant first. */
  processValues: z.array(z.string()),
});
export type StationInfo = z.output<typeof StationInfo>;

export const LineInfo = z.object({
  branch: z.string(),
  id: z.string(),
  name: localText,
  taktS: z.number(),
  constraint: z.string(),
  stations: z.array(StationInfo),
  products: z.array(z.object({ id: z.string(), family: z.string() })),
  definition: definitionShape,
  stage: stageShape,
});
export type LineInfo = z.output<typeof LineInfo>;

/** A span of state that lasted until the next one. */
const StateBegin = z.object({ from: time, state: z.string(), inferred: z.boolean() });
/** Spans of a stop that goes on, before its present one: they are recorded when it ends. Absent where there are none. */
const earlier = z.array(StateBegin).optional();

export const StationSnapshot = z.object({
  id: z.string(),
  state: z.string(),
  cause: z.string(),
  inferred: z.boolean(),
  since: time,
  /** A stop or a wait that began before a break, or before its cause changed: in the break, and after it as long as it goes on. */
  held: z.object({ state: z.string(), since: time }).optional(),
  mode: z.string(),
  earlier,
  places: z.array(
    z.object({
      state: z.string(),
      /** Since when the place is in the state; absent where it has none of its own and shares that of its station. */
      stateSince: time.optional(),
      inferred: z.boolean().optional(),
      earlier,
      serial: z.string().optional(),
      product: z.string().optional(),
      /** Since when the part is in it. */
      since: time.optional(),
    }),
  ),
  buffer: z.object({
    count: z.int(),
    capacity: z.int(),
    parts: z.array(z.object({ serial: z.string(), product: z.string(), inferred: z.boolean() })),
  }),
  /** Units that it counted good in the shift, at the first pass and after rework; of the station at the end of the line those that left the line. */
  good: z.number().optional(),
  /** Of the good ones those that went through rework before. */
  reworked: z.number().optional(),
  lastCycleS: z.number().optional(),
  /** Highest priority of an active alarm of the station. */
  alarm: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).optional(),
});
export type StationSnapshot = z.output<typeof StationSnapshot>;

/** One instant of a line. 3D, table and alarm list read the same one, so they agree (P11). */
export const Snapshot = z.object({
  instant: time,
  live: z.boolean(),
  /** How far the past is read and derived, 0 to 1, while it is; counts that need it are absent until then, and past alarms are not known. */
  reading: z.number().optional(),
  /** There is no past from before, and counts that need more of it are absent; absent once the line was watched for long enough. */
  watchedSince: time.optional(),
  stations: z.array(StationSnapshot),
  /** Parts on the line; the value is absent where nothing is known. */
  wip: z.object({ value: z.number().optional(), error: z.number(), unmatched: z.array(z.string()) }),
  shift: z
    .object({
      name: z.string(),
      from: time,
      to: time,
      /** Units that left the line good, each once; what the station `countedAt` counts. With it `reworked` of them went through rework, and `scrap` left as scrap. */
      good: z.number().optional(),
      reworked: z.number().optional(),
      scrap: z.number().optional(),
      /** The station at the end of the line, where there is one alone. */
      countedAt: z.string().optional(),
      due: z.number(),
      plan: z.number(),
    })
    .optional(),
  alarms: z.array(alarmShape),
  /** While the past is read for the first time: of alarms raised before it nobody knows which are active, so `alarms` does not hold them. */
  alarmsUnknownBefore: time.optional(),
  agvs: z.array(
    z.object({
      id: z.string(),
      x: z.number(),
      y: z.number(),
      heading: z.number(),
      state: z.string(),
      /** Null: not known. */
      battery: z.number().nullable(),
    }),
  ),
});
export type Snapshot = z.input<typeof Snapshot>;

/** Which of the lines; without it the first of `GET /lines`. */
const line = z.string().max(200).optional();

export const KnownLine = z.object({
  /** Unique in the world. */
  id: z.string(),
  title: localText,
  /** AAS id of its shell. */
  shell: z.string(),
  /** Site, area and line of ISA-95, as far as the shells say; the line is the last. */
  path: z.array(localText).readonly(),
  timeZone: z.string(),
  constraint: z.string().optional(),
  /** Ids are unique in the world. */
  stations: z.array(z.object({ id: z.string(), title: localText, shell: z.string() })).readonly(),
  /** Buffers that it shares with other lines: lines that name one shell meet there. */
  ends: z
    .array(
      z.object({
        /** Parts of the station go into the buffer, or come out of it. */
        side: z.enum(["outlet", "inlet"]),
        station: z.string(),
        /** `shell` is an AAS id; without a capacity it is unlimited. */
        buffer: z.object({ shell: z.string(), title: localText, capacity: z.int().optional() }),
      }),
    )
    .readonly()
    .optional(),
  /** What could not be read of it, and what it shares with other lines. */
  findings: z.array(messageShape).readonly(),
});
export type KnownLine = z.output<typeof KnownLine>;

export const list = endpoint({
  id: "line.list",
  route: "GET /lines",
  summary:
    "The lines that the shells of a branch describe, in their order; `findings` are of what should be a line and cannot be read as one",
  action: "read",
  branch: "query.branch",
  query: z.object({ branch: z.string().max(200).optional() }),
  answer: z.object({ lines: z.array(KnownLine), findings: z.array(messageShape) }),
});

export const info = endpoint({
  id: "line.info",
  route: "GET /line",
  summary: "A line as the shells of a branch describe it",
  action: "read",
  branch: "query.branch",
  query: z.object({ branch: z.string().max(200).optional(), line }),
  answer: LineInfo,
  errors: ["DW_NOT_FOUND"],
});

/** Lines that one answer describes. */
export const MAX_DESCRIBED = 40;

export const infos = endpoint({
  id: "line.infos",
  route: "GET /lines/info",
  summary: "Several lines as the shells of a branch describe them, in one answer; one that is not there or cannot be read is left out",
  action: "read",
  branch: "query.branch",
  query: z.object({
    branch: z.string().max(200).optional(),
    lines: z
      .string()
      .max(MAX_DESCRIBED * 201)
      .describe(`ids with commas between them, of which the first ${MAX_DESCRIBED} are described`),
  }),
  answer: z.object({ lines: z.array(LineInfo) }),
});

export const snapshot = endpoint({
  id: "line.snapshot",
  route: "GET /snapshot",
  summary: "A line at an instant; without t: live. The alarms are those of the world, or of the line where one is named",
  action: "read",
  query: z.object({ t: instant.optional(), line }),
  answer: Snapshot,
  errors: ["DW_NOT_FOUND"],
});

export const derived = topic({
  id: "line.derived",
  summary: "States, alarms and KPIs of a span were derived again: whoever shows it asks again",
  action: "read",
  payload: z.object({ from: time, to: time }),
});
