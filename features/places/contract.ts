import { endpoint, instant, localText, topic, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import { PLACE_KINDS } from "./model/place.ts";

/** Times are microseconds since 1970. */
const time = z.int();
const branch = z.object({ branch: z.string().max(200).default("live") });
const priority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

// #region place
/** A place of the equipment hierarchy of ISA-95. Its id is the record id of its shell, wherever it is moved to. */
export const Place = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(PLACE_KINDS),
  /** Null: it stands in no other place that the caller may read. The typed client leaves it out then. */
  parent: z.string().nullish(),
  title: localText,
  /** AAS id of its shell. */
  shell: z.string(),
  /** Of a line that is known as one: its id in `GET /lines`. In `GET /places` only. */
  line: z.string().optional(),
  /** Middle on the floor of the plant in metres, y to the north, with the size where it is given; `rotation` in degrees against the clock, `part` of the 3D library. */
  layout: z
    .object({
      x: z.number(),
      y: z.number(),
      length: z.number().optional(),
      width: z.number().optional(),
      rotation: z.number().optional(),
      part: z.string().optional(),
    })
    .optional(),
});
export type Place = z.output<typeof Place>;
// #endregion

export const list = endpoint({
  id: "places.list",
  route: "GET /places",
  summary: "The place tree of a branch (ISA-95), each place before the places in it, with what is wrong with it",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.object({
    places: z.array(Place),
    counts: z.partialRecord(z.enum(PLACE_KINDS), z.int()),
    findings: z.array(messageShape),
  }),
});

/** The shift that runs on a line, or the one that ended last. */
const Shift = z.object({ name: z.string(), from: time, to: time });

/** Good units by the end of the shift, as a forecast that began in it says: median and 95 % prediction of this shift. */
const Forecast = z.object({ at: time, median: z.number(), low: z.number().optional(), high: z.number().optional() });

/** Of a shift that runs and has no forecast: the first one is being made, or why there is none. */
const NoForecast = z.object({ isComing: z.boolean(), why: messageShape.optional() });

/** A row of the loss budget of the shift (O67): of a wait with the station that was waited for, and what that one did. */
const Loss = z.object({
  state: z.string(),
  station: z.string().optional(),
  stationState: z.string().optional(),
  cause: z.string().optional(),
  seconds: z.number(),
  units: z.number().optional(),
});
export type Loss = z.output<typeof Loss>;

/** A constraint that stands: the planned time of the shift that this stop has taken, at most what the loss budget has for its state, and the units due by takt in it. */
const Stop = z.object({ from: time, seconds: z.number(), taktS: z.number(), units: z.number() });

/** A station in a chain of waits: what it does, since when, and what it lacks if that is no station: `utility`, `material`, `operator`, or `outside` of the lines. */
export const WaitStep = z.object({
  station: z.string(),
  title: localText.optional(),
  state: z.string(),
  since: time.optional(),
  cause: z.string().optional(),
});
export type WaitStep = z.output<typeof WaitStep>;
const waits = z
  .array(WaitStep)
  .describe("why the constraint waits: first the station that everything goes back to, last the constraint itself");

/** What was paid for since the beginning of the shift or the day, at the prices of the place; absent where no price holds for a part of it. */
export const Cost = z.object({
  currency: z.string().describe("ISO 4217"),
  amount: z.number(),
  energy: z.number().optional(),
  scrap: z.number().optional(),
  atLeast: z
    .literal(true)
    .optional()
    .describe("a lower bound: a meter is not known, began later than `from` of the energy, or has no reading at the instant"),
});
export type Cost = z.output<typeof Cost>;

const unknownS = z
  .number()
  .describe(
    "planned time of the shift of which nothing is known, where it is so long that `good`, `scrap`, `lostS` and cost are only lower bounds",
  );

const counts = z.object({ p1: z.int(), p2: z.int(), p3: z.int(), p4: z.int(), unacknowledged: z.int() });
const Energy = z.object({
  kWh: z.number(),
  unallocatedKWh: z.number().optional(),
  from: time.describe("beginning of the shift, else of the day"),
  since: time.optional().describe("where all of its meters began later: when the first of them did"),
  isOwn: z.literal(true).optional().describe("by a meter of the place itself, which counts what stands in it too; else a sum of meters"),
  lateMeters: z.int().optional().describe("meters that began later than `from`, or than `since` where it is there"),
  silentMeters: z.int().optional().describe("meters without a reading at the instant, counted up to their last one"),
});
const unknownMeters = z.int().optional().describe("meters that should count here of which nothing is known");

/** A line in its shift. */
export const LineFigures = z.object({
  id: z.string(),
  title: localText,
  station: z.string().optional().describe("its declared constraint, whose states these are"),
  state: z.string(),
  since: time.optional(),
  states: z.array(z.object({ from: time, state: z.string() })),
  shift: Shift.optional(),
  breaks: z
    .array(z.object({ from: time, to: time }))
    .optional()
    .describe("planned breaks of the shift, in which nothing is due"),
  /** Of the shift so far; absent while nothing is known, and while the past of the shift is still read. */
  good: z.number().optional(),
  /** Units due by takt until now, and in the whole shift. */
  scrap: z.number().optional(),
  due: z.number().optional(),
  plan: z.number().optional(),
  oee: z.number().optional(),
  /** Of the constraint: planned busy time without unknown time and the ideal time of good units, as in `GET /loss-budget`; with the longest of its rows by state. */
  lostS: z.number().optional(),
  losses: z.array(z.object({ state: z.string(), seconds: z.number() })),
  /** The same rows with the stations that were waited for, the longest first. */
  budget: z.array(Loss).optional(),
  unknownS: unknownS.optional(),
  forecast: Forecast.optional(),
  noForecast: NoForecast.optional(),
  stop: Stop.optional(),
  waits: waits.optional(),
  stopped: WaitStep.optional().describe("the station that has been failed for the longest, where it is not the constraint"),
  lastWait: z
    .object({ state: z.string(), from: time, to: time, because: WaitStep.optional() })
    .optional()
    .describe("of a constraint that does not wait: when it last did in the shift, and for which station"),
  alarms: counts.describe("active, at the line and what stands in it"),
  energy: Energy.optional(),
  unknownMeters,
  cost: Cost.optional(),
});
export type LineFigures = z.output<typeof LineFigures>;

/** A value of an area without a flow, against its alarm limits, or where it has none its display band. */
const LimitedValue = z.object({
  signal: z.string(),
  name: z.string(),
  names: z.record(z.string(), z.string()).optional(),
  of: localText.optional().describe("title of the place that it is of, where that is in the place shown"),
  unit: z.string().optional(),
  value: z.number().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  state: z.enum(["normal", "low", "high", "unknown"]),
  /** Whether an alarm rule holds a limit. */
  isAlarmed: z.boolean(),
});
export type LimitedValue = z.output<typeof LimitedValue>;

/** A place with everything in it. Counts, times, energy and alarms add up; OEE does not (P6) and stands with the lines alone. */
export const PlaceSums = z.object({
  place: Place,
  /** Places in it, at any depth. */
  contains: z.int(),
  lines: z.array(LineFigures),
  good: z.number().optional(),
  due: z.number().optional(),
  plan: z.number().optional(),
  lostS: z.number().optional(),
  unknownS: unknownS.optional(),
  /** Sum of the medians; with an interval only of a single line. */
  forecast: Forecast.omit({ at: true }).optional(),
  noForecast: NoForecast.optional(),
  alarms: counts,
  /** Live signals by the quality of their last sample; `silent` = none yet. */
  signals: z.object({ total: z.int(), good: z.int(), uncertain: z.int(), bad: z.int(), silent: z.int() }),
  connections: z.object({
    total: z.int(),
    connected: z.int(),
    troubled: z.array(z.object({ id: z.string(), name: z.string(), state: z.string() })),
  }),
  /** Since the beginning of the shift, else of the day, by its meters; `unallocatedKWh`: what the meter of a place counts beyond those in it. */
  energy: Energy.optional(),
  unknownMeters,
  cost: Cost.optional(),
  values: z.array(LimitedValue),
});
export type PlaceSums = z.output<typeof PlaceSums>;

/**
 * A reason why a place needs attention. The most urgent active alarm says how urgent it is; a line that stands without one is of priority 2, a lost
 * connection of 3, and a line that is behind has none. A value beyond a display band is no reason (P24).
 */
export const Cause = z.object({
  kind: z.enum(["alarm", "stopped", "connection", "behind"]),
  /** The row that it concerns. */
  row: z.string(),
  /** The place that it is at: of an alarm of a station its line. */
  place: z.string(),
  /** Of the alarms of one station: that station. */
  station: z.object({ id: z.string(), place: z.string(), title: localText }).optional(),
  title: localText,
  priority: priority.optional(),
  /** Of an alarm the beginning of what it is of. */
  since: time.optional(),
  /** State of a line that stands, or of a connection. */
  state: z.string().optional(),
  /**
   * By which causes are ordered: of a stop the units due by takt in its planned time until now, of a line that is behind all that it is behind, of a
   * station what the loss budget of the shift has for it.
   */
  unitsLost: z.number().optional(),
  /** Of a line that is behind: the largest row of its loss budget. */
  mostly: Loss.optional(),
  waits: waits.optional(),
  /** Alarms of the work centre and of the lines that follow, oldest first: the first of them is the first out. */
  chain: z.array(
    z.object({
      alarm: z.string(),
      at: time,
      began: time.optional().describe("since when its condition holds, where the alarm came later by the delay of its rule"),
      priority,
      title: localText,
      station: z.string(),
      place: z.string().describe("that it is at"),
      value: z.string().optional(),
      isAcknowledged: z.boolean(),
    }),
  ),
  /** Alarms beyond those of the chain. */
  more: z.int(),
  /** Lines that began to wait after it, as the order in time says: nothing states that it supplies them. */
  follows: z
    .array(
      z.object({
        row: z.string(),
        place: z.string(),
        title: localText,
        state: z.string(),
        since: time.optional(),
        unitsLost: z.number().optional(),
        waits: waits.optional(),
      }),
    )
    .optional(),
});
export type Cause = z.output<typeof Cause>;

export const summary = endpoint({
  id: "places.summary",
  route: "GET /places/:id/summary",
  summary: "A place with the sums of each place in it and of all: which of them needs attention first, and why",
  action: "read",
  branch: "query.branch",
  subject: "params.id",
  query: branch.extend({ t: instant.optional() }),
  answer: z.object({
    at: time,
    /** False: as of the instant asked for. Figures are those of the running plant, on a branch too. */
    live: z.boolean(),
    /** From the outermost place down to this one. */
    path: z.array(Place),
    shift: Shift.optional(),
    rows: z.array(PlaceSums),
    total: PlaceSums,
    /** Stations within, by the signal that keeps the states of each; `unknown` where nothing is known. */
    stations: z.array(z.object({ signal: z.string(), state: z.string() })),
    /** By units lost. */
    causes: z.array(Cause),
    /** The alarm that was active last, where nothing needs attention. */
    last: z.object({ title: localText, place: z.string().optional(), at: time }).optional(),
    /** Prices hold for some of it: what has no cost then is not known. */
    priced: z.boolean(),
    /** How far the past is read, 0 to 1, while it is: until then counts, times and cost of which a part was not read are absent. */
    reading: z.number().optional(),
    alarmsUnknownBefore: time
      .optional()
      .describe(
        "while the past is read for the first time: of alarms raised before it nobody knows which are active, and none of them is counted",
      ),
  }),
  errors: ["DW_NOT_FOUND"],
});
export type Summary = z.output<typeof summary.answer>;

const named = {
  place: z.string(),
  title: localText,
  signal: z.string(),
  name: z.string(),
  names: z.record(z.string(), z.string()).optional(),
};

/** How a place did that belongs to no line, or its parts that belong to none. A figure that is not known is absent. */
export const AreaKpis = z.object({
  from: time.describe("beginning of the shift, else of the day"),
  at: time,
  energy: PlaceSums.shape.energy,
  unknownMeters,
  cost: Cost.optional(),
  /** What totalisers counted, each in its unit; `since`: of one that began later than `from`, when it did. */
  counts: z.array(z.object({ ...named, unit: z.string().optional(), value: z.number().optional(), since: time.optional() })),
  /** What equipment spent its time in, by the words that it has for it; `state` where the word is one of a station's. */
  assets: z.array(
    z.object({
      ...named,
      states: z.array(z.object({ word: z.string(), state: z.string().optional(), seconds: z.number() })).readonly(),
      unknownS: z.number(),
      availability: z
        .number()
        .optional()
        .describe("share of the known time in which it was not failed; absent where no word of it means failed"),
    }),
  ),
  /** In storage, as it stands: in pieces, and storage locations with and without any. */
  stock: z
    .object({
      locations: z.int(),
      quantity: z.number().optional(),
      occupied: z.int().optional(),
      unit: z.string(),
      materials: z
        .array(
          z.object({
            material: z.string().optional().describe("as the plant calls it; absent where the locations do not say"),
            title: localText.optional().describe("as a submodel `Materials` describes it"),
            quantity: z.number().optional(),
            locations: z.array(z.object({ place: z.string(), title: localText, quantity: z.number().optional() })).readonly(),
          }),
        )
        .optional()
        .describe("what lies there, where a signal of its locations says it; empty locations hold nothing"),
    })
    .optional(),
});
export type AreaKpis = z.output<typeof AreaKpis>;

export const kpis = endpoint({
  id: "places.kpis",
  route: "GET /places/:id/kpis",
  summary: "KPIs of what belongs to no line in a place, since the beginning of the shift or the day: energy, counts, time in states, stock",
  action: "read",
  branch: "query.branch",
  subject: "params.id",
  query: branch.extend({ t: instant.optional() }),
  answer: AreaKpis,
  errors: ["DW_NOT_FOUND"],
});

export const changed = topic({
  id: "places.changed",
  summary: "What boards of places show may be other by now: whoever shows one asks again. It says nothing of the plant",
  action: "read",
  payload: z.object({ at: time }),
  queue: { bound: 2, overflow: "dropOldest" },
});
