import type { JsonFields, JsonShape, NamedShapes } from "../json-shape.ts";

const text = (doc: string): JsonShape => ({ is: "text", doc });
const id = (doc: string): JsonShape => ({ is: "text", doc, pattern: "^[\\p{L}\\p{N}_-]{1,80}$" });
const flag = (doc: string): JsonShape => ({ is: "flag", doc });
const number = (doc: string): JsonShape => ({ is: "number", doc });
const seconds = (doc: string): JsonShape => ({ is: "number", doc, min: 0, max: 1e10 });
const notNegative = (doc: string): JsonShape => ({ is: "number", doc, min: 0 });
const positive = (doc: string): JsonShape => ({ is: "number", doc, above: 0 });
const probability = (doc: string): JsonShape => ({ is: "number", doc, min: 0, max: 1 });
const count = (doc: string, max = 1e9, min = 1): JsonShape => ({ is: "number", doc, whole: true, min, max });
const list = (doc: string, of: JsonShape, least?: number, most?: number): JsonShape => ({
  is: "list",
  doc,
  of,
  ...(least === undefined ? {} : { least }),
  ...(most === undefined ? {} : { most }),
});
const record = (doc: string, of: JsonShape): JsonShape => ({ is: "record", doc, of });
const object = (doc: string, fields: JsonFields): JsonShape => ({ is: "object", doc, fields });
const oneOf = (doc: string, ...values: readonly string[]): JsonShape => ({ is: "oneOf", doc, values });
const time = (doc: string): JsonShape => ({ is: "named", name: "time", doc });
const route = (doc: string): JsonShape => ({ is: "named", name: "route", doc });
const either = (doc: string, of: readonly JsonShape[], pick: (value: unknown) => JsonShape | undefined): JsonShape => ({
  is: "either",
  doc,
  of,
  pick,
});
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const fixedNumber = seconds("seconds, always the same");
const distribution: JsonShape = {
  is: "kinds",
  name: "a distribution",
  by: "kind",
  doc: "a distribution; mean, sd, low, high in seconds",
  kinds: {
    constant: { value: notNegative("always this") },
    exponential: { mean: positive("mean (1 ÷ rate)") },
    erlang: { mean: positive("mean"), shape: count("number of exponential phases", 10_000) },
    gamma: { mean: positive("mean"), cv: notNegative("standard deviation ÷ mean") },
    lognormal: { mean: positive("mean of the quantity itself"), cv: notNegative("standard deviation ÷ mean of the quantity itself") },
    weibull: { scale: positive("scale"), shape: positive("shape") },
    uniform: { low: notNegative("least"), high: notNegative("most") },
    triangular: { low: notNegative("least"), mode: notNegative("most likely"), high: notNegative("most") },
    normal: {
      mean: number("mean before truncation"),
      sd: notNegative("standard deviation before truncation"),
      "low?": notNegative("truncated below; 0 when absent"),
      "high?": notNegative("truncated above"),
    },
    geometric: {
      mean: positive("mean"),
      "step?": positive("1, 2, 3 … times this; 1 when absent. Probability of success of a step: step ÷ mean"),
    },
    empirical: {
      values: list("observed values, each equally likely", notNegative("a value"), 1),
      "interpolate?": flag("draw between the sorted values, too"),
    },
    fitted: {
      values: list(
        "observed values: the family that describes them best is drawn from (lognormal, gamma or normal by AIC), or they themselves",
        notNegative("a value"),
        1,
      ),
    },
    mixture: {
      of: list(
        "alternatives",
        object("an alternative", { weight: notNegative("relative weight"), time: time("drawn with this weight") }),
        1,
        100,
      ),
    },
  },
};

const chances = list(
  "by chance",
  object("an alternative", { to: text("id of a component"), "probability?": probability("of this way; the one without takes the rest") }),
  1,
  1000,
);
const rule: JsonShape = {
  is: "kinds",
  name: "a rule",
  by: "by",
  doc: "a rule",
  kinds: {
    product: { map: record("product → component", text("id of a component")), "else?": text("component for every other product") },
    first: { among: list("components in order of preference", text("id of a component"), 1, 1000) },
    shortest: { among: list("components", text("id of a component"), 1, 1000) },
    turn: { among: list("components", text("id of a component"), 1, 1000) },
  },
};
const simpleRoute = text("id of a component, or component.input");

export const flowNamedShapes: NamedShapes = {
  time: either("seconds as a number, or a distribution with kind", [fixedNumber, distribution], (value) =>
    typeof value === "number" ? fixedNumber : isRecord(value) ? distribution : undefined,
  ),
  route: either("the id of a component, a list of {to, probability}, or a rule {by, …}", [simpleRoute, chances, rule], (value) =>
    typeof value === "string" ? simpleRoute : Array.isArray(value) ? chances : isRecord(value) ? rule : undefined,
  ),
};

const need = object("people needed", {
  "operators?": text("id of a group of operators"),
  "skill?": text("or a skill that groups have"),
  "count?": count("people, 1 when absent", 1000),
});
const dose = object("litres of a tank", { tank: text("id of a tank"), litres: positive("litres") });
const metres = (doc: string): JsonShape => list(doc, number("metres"), 2, 3);
const order = oneOf("fifo (default), lifo, or priority of the product", "fifo", "lifo", "priority");
const slots: JsonShape = either(
  'a number of slots, "unlimited", or {capacity, order}',
  [
    count("slots before the station", 1e9, 0),
    oneOf("no limit", "unlimited"),
    object("slots and their order", { "capacity?": count("slots; unlimited when absent", 1e9, 0), "order?": order }),
  ],
  (value) => {
    if (typeof value === "number") return count("slots before the station", 1e9, 0);
    if (typeof value === "string") return oneOf("no limit", "unlimited");
    return isRecord(value) ? object("slots", { "capacity?": count("slots", 1e9, 0), "order?": order }) : undefined;
  },
);
const inputCapacity: JsonShape = either('a number of slots, or "unlimited"', [count("slots"), oneOf("no limit", "unlimited")], (value) =>
  typeof value === "number" ? count("slots") : typeof value === "string" ? oneOf("no limit", "unlimited") : undefined,
);

const named: JsonFields = { id: id("unique name: letters, digits, _ and -"), "name?": text("for people") };
const to: JsonFields = { to: route("where items go next") };
const working: JsonFields = {
  "places?": count("identical places side by side (servers); 1 when absent", 1000),
  time: time("seconds of work on one item, in one place"),
  "timeByProduct?": record("replaces time for single products", time("seconds")),
  "setUp?": object("before an item that differs from the last one in this place; the first needs none", {
    time: time("seconds"),
    "attribute?": text("compare this attribute of the products instead of the product"),
    "matrix?": record("from → to → seconds, replaces time for the pairs named", record("to", time("seconds"))),
  }),
  "operators?": list("people needed from set-up to the end of work; all or none are taken", need, 1, 20),
  "stops?": list(
    "failures and maintenance; every place has its own clocks",
    object("a stop", {
      id: id("unique in the station"),
      "kind?": oneOf("failure (default) or maintenance", "failure", "maintenance"),
      clock: oneOf("what `between` counts: seconds of working, seconds that pass, or finished cycles", "operating", "calendar", "cycles"),
      between: time("seconds (or cycles) from the end of a stop to the next"),
      duration: time("seconds of repair"),
      "repairedBy?": need,
      "item?": oneOf("the item in work is resumed after the stop (default), restarted, or destroyed", "resume", "restart", "scrap"),
      "strikes?": oneOf(
        "atOnce: in the middle of work; betweenItems: before the next item begins (default for maintenance and for clock cycles)",
        "atOnce",
        "betweenItems",
      ),
    }),
    1,
    20,
  ),
  "inspection?": object("after work", {
    reject: either(
      "a probability, or a list of them by try",
      [probability("of rejection"), list("by try; the last counts on", probability("of rejection"), 1, 100)],
      (value) =>
        typeof value === "number"
          ? probability("of rejection")
          : Array.isArray(value)
            ? list("by try", probability("of rejection"), 1, 100)
            : undefined,
    ),
    "to?": route("where rejects go; absent: they are scrapped"),
    "maxTries?": count("rejected on this try, an item is scrapped"),
  }),
  "scrap?": probability("that the item is destroyed here"),
  "calendar?": text("id of a calendar"),
  "atBreak?": oneOf("work pauses (default), or the item in work is finished", "pause", "finish"),
  "blocking?": oneOf(
    "after (default): a finished item without room ahead stays in its place; before: work begins only when room ahead is kept",
    "after",
    "before",
  ),
  "takes?": list("litres drawn at once when work can begin; the place waits, starved, until all are there", dose, 1, 20),
  "gives?": list("litres poured at once when work has ended; the place waits, blocked, until there is room for all", dose, 1, 20),
  "energy?": object("watts of a place by state", {
    "workingW?": notNegative("working"),
    "setUpW?": notNegative("set-up"),
    "idleW?": notNegative("starved, blocked, waiting for operators"),
    "failedW?": notNegative("failed and in maintenance"),
    "offW?": notNegative("in breaks"),
  }),
};
const inputs = list(
  "what is joined; name them in `to` as component.input",
  object("an input", {
    id: id("name of the input"),
    "count?": count("items for one result; 1 when absent", 10_000),
    "capacity?": inputCapacity,
  }),
  1,
  100,
);

/** By type of component; the guide shows these tables. */
export const componentFields: Readonly<Record<string, JsonFields>> = {
  source: {
    ...named,
    ...to,
    "interarrival?": time("seconds between arrivals; absent (with rates and arrivals): saturated, there is always a next item"),
    "rates?": list(
      "Poisson arrivals at a rate that changes",
      object("from a time on", { fromS: seconds("seconds"), perHour: notNegative("arrivals an hour") }),
      1,
      10_000,
    ),
    "arrivals?": list(
      "recorded or planned arrivals, ascending",
      object("an arrival", {
        atS: seconds("seconds"),
        "product?": text("product"),
        "quantity?": count("items, 1 when absent", 100_000, 0),
      }),
      1,
    ),
    "whenLevel?": object("an arrival each time a level reaches a mark (and once at the start where it is beyond)", {
      tank: text("id of a tank"),
      "fallsToL?": notNegative("litres; when it has fallen so far"),
      "risesToL?": notNegative("litres; when it has risen so far"),
    }),
    "repeatS?": { is: "number", doc: "rates or arrivals begin again after so many seconds", min: 0.001, max: 1e10 },
    "quantity?": time("items an arrival brings (a number or distribution, rounded); 1 when absent"),
    "product?": text("of every item; the first product when absent"),
    "mix?": record("product → share, by chance", notNegative("relative share")),
    "orders?": list("products in this order", object("an order", { product: text("product"), quantity: count("items") }), 1),
    "repeatOrders?": flag("begin again at the end of the orders; else the source dries up"),
    "limit?": count("no more than this many items in all"),
    "whenFull?": oneOf("items that find no room wait at the source without limit (default), or are lost", "wait", "lose"),
  },
  sink: { ...named, "counts?": oneOf("what leaves here is good (default) or scrap", "good", "scrap") },
  buffer: {
    ...named,
    ...to,
    "capacity?": count("slots; unlimited when absent"),
    "order?": order,
    "dwell?": time("seconds an item stays at least; only first in, first out"),
  },
  station: {
    ...named,
    ...to,
    "buffer?": slots,
    ...working,
    "batch?": object("works on several items at once", {
      size: count("items of a full batch", 10_000),
      "minimum?": count("items with which it begins after waitS; size when absent", 10_000),
      "waitS?": seconds("the first item waits no longer than this for a full batch"),
    }),
  },
  assembly: { ...named, ...to, inputs, ...working },
  pack: { ...named, ...to, inputs, ...working },
  unpack: { ...named, ...to, "buffer?": slots, "containerTo?": route("where the empty container goes; absent: it is gone"), ...working },
  disassembly: {
    ...named,
    ...to,
    "buffer?": slots,
    parts: list(
      "what is made beside the item that came",
      object("a part", { "product?": text("its product"), "count?": count("1 when absent", 10_000), to: route("where it goes") }),
      1,
      100,
    ),
    ...working,
  },
  conveyor: {
    ...named,
    ...to,
    lengthM: positive("metres"),
    speedMps: positive("metres a second"),
    pitchM: positive("metres an item takes up; length ÷ pitch items fit"),
    "accumulating?": flag("true (default): items run up to the one before; false: the belt stops while its first item cannot leave"),
  },
  transport: {
    ...named,
    ...to,
    fleet: text("id of a fleet"),
    at: text("point where items wait"),
    points: record("component → point where vehicles bring its items", text("point")),
    "capacity?": count("items that may wait; unlimited when absent"),
    "priority?": number("lower goes first where the fleet dispatches by priority; 0 when absent"),
  },
  robot: {
    ...named,
    ...to,
    robot: text("id of a robot"),
    at: text("position where it picks; items wait in the place they are finished in"),
    positions: record("component → position where it places", text("position")),
    "priority?": number("lower goes first; 0 when absent"),
  },
  tank: { ...named, capacityL: positive("litres"), "initialL?": notNegative("litres at the start; 0 when absent") },
  pipe: {
    ...named,
    "from?": text("tank; absent: an endless supply"),
    "to?": text("tank; absent: away"),
    rateLps: notNegative("litres a second at most"),
    "open?": time("seconds open, in turn with shut"),
    "shut?": time("seconds shut"),
    "control?": object("opens and shuts by a level; shut between the two marks at the start", {
      tank: text("id of a tank"),
      opensAtL: notNegative("litres"),
      shutsAtL: notNegative("litres"),
    }),
  },
  custom: {
    ...named,
    "to?": route("where items go next"),
    model: text("name of a component model that the program brings"),
    "parameters?": record(
      "its parameters",
      either("a number, text or flag", [number("a number"), text("a text"), flag("a flag")], (value) =>
        typeof value === "number"
          ? number("a number")
          : typeof value === "string"
            ? text("a text")
            : typeof value === "boolean"
              ? flag("a flag")
              : undefined,
      ),
    ),
  },
};

/** Most components of a model. */
export const MAX_COMPONENTS = 20_000;

export const flowFields: JsonFields = {
  format: oneOf("always this", "doppelwerk-flow/1"),
  "name?": text("for people"),
  "run?": object("how to run it; the command line goes first", {
    "durationS?": { is: "number", doc: "seconds measured, after the warm-up; absent: until nothing more can happen", above: 0, max: 1e10 },
    "warmUpS?": either('seconds deleted at the beginning, or "auto" (MSER-5)', [seconds("seconds"), oneOf("MSER-5", "auto")], (value) =>
      typeof value === "number" ? seconds("seconds") : typeof value === "string" ? oneOf("MSER-5", "auto") : undefined,
    ),
    "replications?": count("independent runs; 10 when absent", 100_000),
    "seed?": count("1 when absent", 2 ** 53 - 1, 0),
    "confidence?": { is: "number", doc: "of the intervals; 0.95 when absent", above: 0, max: 0.9999 },
    "precision?": object("replications are added until the half width is small enough", {
      kpi: text("name of a KPI of the output"),
      relativeHalfWidth: { is: "number", doc: "half width ÷ mean", above: 0, max: 1 },
      "maxReplications?": count("limit of replications; 1000 when absent", 100_000),
    }),
  }),
  "products?": list(
    "kinds of items; absent: one, or those that sources name",
    object("a product", {
      id: id("unique"),
      "priority?": number("lower goes first in buffers of order priority; 0 when absent"),
      "attributes?": record("what set-ups may compare", text("value")),
    }),
    1,
    10_000,
  ),
  components: list(
    "what items flow through",
    { is: "kinds", name: "a type of component", by: "type", doc: "a component", kinds: componentFields },
    1,
    MAX_COMPONENTS,
  ),
  "limits?": list(
    "at most `count` items between entering `from` and leaving `to` (kanban, CONWIP)",
    object("a limit", { id: id("unique"), count: count("items"), from: text("component"), to: text("component") }),
    0,
    31,
  ),
  "calendars?": list(
    "working times; from 0 = start of the run",
    object("a calendar", {
      id: id("unique"),
      "periodS?": positive("repeats after so many seconds; 86 400 when absent"),
      on: list("ascending, inside the period", object("a span", { fromS: seconds("seconds"), toS: seconds("seconds") }), 0, 1000),
    }),
    0,
    1000,
  ),
  "operators?": list(
    "groups of people",
    object("a group", {
      id: id("unique"),
      count: count("people", 10_000, 0),
      "skills?": list("what they can do", text("skill"), 0, 100),
      "calendar?": text("id of a calendar; what they have begun they finish"),
      "walkS?": time("seconds to a job"),
    }),
    0,
    200,
  ),
  "network?": object("ways of vehicles", {
    points: list("names", id("point"), 1, 300),
    ways: list(
      "both directions unless oneWay",
      object("a way", {
        from: text("point"),
        to: text("point"),
        lengthM: positive("metres"),
        "oneWay?": flag("only from → to"),
        "zone?": id("ways of one zone hold one vehicle at a time"),
      }),
      0,
      5000,
    ),
  }),
  "fleets?": list(
    "vehicles that carry one item each",
    object("a fleet", {
      id: id("unique"),
      vehicles: count("vehicles", 500),
      speedMps: positive("metres a second"),
      home: text("point where they begin"),
      "loadS?": time("seconds to load"),
      "unloadS?": time("seconds to unload"),
      "dispatch?": oneOf(
        "what an idle vehicle fetches: waiting longest (default), nearest, or by priority",
        "oldest",
        "nearest",
        "priority",
      ),
      "battery?": object("charged when so many metres were driven, between two items", {
        driveM: positive("metres"),
        chargeS: time("seconds"),
        at: text("point of the charger"),
      }),
    }),
    0,
    50,
  ),
  "positions?": list(
    "where robots pick and place",
    object("a position", {
      id: id("unique"),
      at: metres("x, y and z (0 when absent) in metres"),
      "zone?": id("positions of one zone hold one robot at a time"),
    }),
    1,
    300,
  ),
  "robots?": list(
    "robots that carry one item each",
    object("a robot", {
      id: id("unique"),
      home: text("position where it begins and to which it withdraws out of a zone; in no zone"),
      "base?": metres("x, y and z of its base in metres"),
      "reachM?": positive("metres from its base to every position it uses"),
      speedMps: positive("metres a second, straight from position to position"),
      "accelerationMps2?": positive("metres a second squared, to set off and to stop; absent: at once"),
      "pickS?": time("seconds to pick"),
      "placeS?": time("seconds to place"),
    }),
    1,
    200,
  ),
};

export const flowShape: JsonShape = object("a flow model", flowFields);
