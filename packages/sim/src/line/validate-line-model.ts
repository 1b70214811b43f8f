import type { Finding } from "@doppelwerk/aas";
import { distributionFault, meanOf } from "../random/sampler.ts";
import type { Distribution } from "../random/distribution.ts";
import { lineModelShape } from "./line-model-shape.ts";
import type { LineModel, RouteModel, SeizeModel, StationModel } from "./line-model.ts";
import { doubt, problem, shapeFindings } from "./shape.ts";

/**
 * What is wrong with a value that should be a `LineModel`; a model without errors runs. Paths are as in the JSON (`stations[3].next.station`).
 * Constraints: `type`, `required`, `additional`, `value` for the shape, `reference` for names that do not exist, `unique`, `route`, `limit`.
 */
export function validateLineModel(value: unknown): Finding[] {
  const findings = shapeFindings(value, lineModelShape, "");
  if (findings.some((finding) => finding.severity === "error")) return findings;
  const model = value as LineModel;
  findings.push(...distributionFindings(model, ""));
  if (findings.some((finding) => finding.severity === "error")) return findings;
  return [
    ...findings,
    ...unique(model.products, "products"),
    ...unique(model.stations, "stations"),
    ...unique(model.personnel ?? [], "personnel"),
    ...unique(model.carriers ?? [], "carriers"),
    ...unique(model.effects ?? [], "effects"),
    ...referenceFindings(model),
    ...model.stations.flatMap((station, index) => stationFindings(model, station, `stations[${index}]`)),
    ...routeFindings(model),
    ...programFindings(model),
    ...calendarFindings(model),
    ...materialFindings(model),
    ...timeFindings(model),
  ];
}

/** What would let a run stand still in time for ever. */
function timeFindings(model: LineModel): Finding[] {
  const takesTime = (distribution: Distribution | undefined, path: string): Finding[] =>
    distribution === undefined || meanOf(distribution) > 0 ? [] : [problem(path, "value", "must take time")];
  return [
    ...model.stations.flatMap((station, index) => {
      const path = `stations[${index}]`;
      return [
        ...takesTime(station.cycle.time, `${path}.cycle.time`),
        ...Object.entries(station.cycle.byProduct ?? {}).flatMap(([product, time]) =>
          takesTime(time, `${path}.cycle.byProduct.${product}`),
        ),
        ...takesTime(station.source?.interarrival, `${path}.source.interarrival`),
        ...(station.stops ?? []).flatMap((stop, at) => takesTime(stop.between, `${path}.stops[${at}].between`)),
      ];
    }),
    ...(model.effects ?? []).flatMap(({ when }, index) => {
      const path = `effects[${index}].when`;
      if (when.kind === "random") return [...takesTime(when.between, `${path}.between`), ...takesTime(when.duration, `${path}.duration`)];
      if (when.kind === "shifts" && when.every < 1) return [problem(`${path}.every`, "value", "must be at least 1")];
      if (when.kind !== "intervals") return [];
      return when.intervals.flatMap((interval, at) =>
        interval.end > interval.start ? [] : [problem(`${path}.intervals[${at}]`, "value", "must end after it starts")],
      );
    }),
  ];
}

/** Every object with a `kind` of a distribution, wherever it stands. */
function distributionFindings(value: unknown, path: string): Finding[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => distributionFindings(entry, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  const record = value as Readonly<Record<string, unknown>>;
  if (distributionKinds.has(record.kind as string)) {
    // a constant factor of an effect has the shape of a constant distribution and the same rule
    const fault = distributionFault(record as Distribution);
    return fault === undefined ? [] : [problem(path, "value", fault)];
  }
  return Object.entries(record).flatMap(([name, entry]) => distributionFindings(entry, path === "" ? name : `${path}.${name}`));
}

const distributionKinds = new Set([
  "constant",
  "uniform",
  "triangular",
  "exponential",
  "lognormal",
  "gamma",
  "erlang",
  "weibull",
  "normal",
  "empirical",
  "geometric",
]);

function unique(entries: readonly { readonly id: string }[], path: string): Finding[] {
  const seen = new Set<string>();
  return entries.flatMap(({ id }, index) => {
    const twice = seen.has(id);
    seen.add(id);
    return twice ? [problem(`${path}[${index}].id`, "unique", `"${id}" is used twice`)] : [];
  });
}

function referenceFindings(model: LineModel): Finding[] {
  const stations = new Set(model.stations.map((station) => station.id));
  const products = new Set(model.products.map((product) => product.id));
  const known = (id: string | undefined, among: ReadonlySet<string>, path: string, what: string): Finding[] =>
    id === undefined || among.has(id) ? [] : [problem(path, "reference", `there is no ${what} "${id}"`)];
  const list = model.program?.kind === "batches" ? model.program.mix : (model.program?.orders ?? []);
  const shifts = new Set((model.calendar?.shifts ?? []).map((shift) => shift.id));
  return [
    ...known(model.constraint, stations, "constraint", "station"),
    ...list.flatMap((entry, index) =>
      known(entry.product, products, `program.${model.program?.kind === "batches" ? "mix" : "orders"}[${index}].product`, "product"),
    ),
    ...(model.carriers ?? []).flatMap((carrier, index) => [
      ...(carrier.count < 1 ? [problem(`carriers[${index}].count`, "value", "must be at least 1: nothing could ever begin")] : []),
      ...known(carrier.from, stations, `carriers[${index}].from`, "station"),
      ...known(carrier.to, stations, `carriers[${index}].to`, "station"),
    ]),
    ...(model.personnel ?? []).flatMap((pool, index) =>
      Object.keys(pool.countByShift ?? {}).flatMap((shift) => known(shift, shifts, `personnel[${index}].countByShift.${shift}`, "shift")),
    ),
    ...(model.effects ?? []).flatMap((effect, index) => {
      const path = `effects[${index}]`;
      if (effect.kind === "shortage")
        return known(
          effect.material,
          new Set(model.stations.flatMap((station) => (station.materials ?? []).map((material) => material.id))),
          `${path}.material`,
          "material",
        );
      return (effect.stations ?? []).flatMap((station, at) => known(station, stations, `${path}.stations[${at}]`, "station"));
    }),
    ...model.stations.flatMap((station, index) =>
      Object.keys({ ...station.cycle.byProduct, ...station.cycle.idealByProduct }).flatMap((product) =>
        known(product, products, `stations[${index}].cycle.byProduct.${product}`, "product"),
      ),
    ),
  ];
}

/** Tries are counted in a byte. */
const MAX_TRIES = 255;

function stationFindings(model: LineModel, station: StationModel, path: string): Finding[] {
  const findings: Finding[] = [];
  if (station.places < 1) findings.push(problem(`${path}.places`, "value", "must be at least 1"));
  if (station.places > 1000) findings.push(problem(`${path}.places`, "limit", "must be at most 1000"));
  findings.push(...unique(station.stops ?? [], `${path}.stops`));
  for (const [index, setUp] of (station.setUps ?? []).entries())
    if (!model.products.some(({ attributes }) => attributes !== undefined && Object.hasOwn(attributes, setUp.attribute)))
      findings.push(doubt(`${path}.setUps[${index}].attribute`, "reference", `no product has the attribute "${setUp.attribute}"`));
  const seizes: readonly (readonly [SeizeModel | undefined, string])[] = [
    [station.operators, `${path}.operators`],
    ...(station.stops ?? []).map((stop, index) => [stop.repairedBy, `${path}.stops[${index}].repairedBy`] as const),
  ];
  for (const [seize, at] of seizes) if (seize !== undefined) findings.push(...seizeFindings(model, seize, at));
  if (station.inspection !== undefined && station.inspection.rejectByTry.length === 0)
    findings.push(problem(`${path}.inspection.rejectByTry`, "value", "must have at least one entry"));
  const { maxTries } = station.inspection ?? {};
  if (maxTries !== undefined && (maxTries < 1 || maxTries > MAX_TRIES))
    findings.push(problem(`${path}.inspection.maxTries`, "value", `must be from 1 to ${MAX_TRIES}`));
  if (station.source?.interarrival === undefined && station.source !== undefined && station.buffer !== undefined)
    findings.push(doubt(`${path}.buffer`, "route", "a saturated source takes from its buffer only what other stations send there"));
  return findings;
}

function seizeFindings(model: LineModel, seize: SeizeModel, path: string): Finding[] {
  if (seize.count > 0 && seize.pools.length === 0) return [problem(`${path}.pools`, "value", "must name a pool")];
  const pools = seize.pools.map((id) => model.personnel?.find((pool) => pool.id === id));
  const missing = pools.flatMap((pool, index) =>
    pool === undefined ? [problem(`${path}.pools[${index}]`, "reference", `there is no pool "${seize.pools[index]}"`)] : [],
  );
  if (missing.length > 0) return missing;
  const most = Math.max(...pools.map((pool) => Math.max(pool!.count, ...Object.values(pool!.countByShift ?? {}))));
  return most < seize.count ? [problem(`${path}.count`, "limit", `no pool ever has ${seize.count} people`)] : [];
}

function routeFindings(model: LineModel): Finding[] {
  const findings: Finding[] = [];
  const fed = new Set<string>();
  const stations = new Map(model.stations.map((station) => [station.id, station]));
  const check = (route: RouteModel | undefined, path: string): void => {
    if (route === undefined) return;
    const target = stations.get(route.station);
    if (target === undefined) return void findings.push(problem(`${path}.station`, "reference", `there is no station "${route.station}"`));
    const assembly = route.input === "assembly";
    if (assembly && target.assembly === undefined) findings.push(problem(`${path}.input`, "route", `"${target.id}" has no assembly input`));
    const buffer = assembly ? target.assembly?.buffer : target.buffer;
    if ((route.travelS ?? 0) > 0 && (buffer === undefined || buffer.capacity === 0))
      findings.push(problem(`${path}.travelS`, "route", `"${target.id}" needs a buffer for parts on the way`));
    fed.add(`${route.input ?? "main"} ${target.id}`);
  };
  model.stations.forEach((station, index) => {
    check(station.next, `stations[${index}].next`);
    check(station.inspection?.reject, `stations[${index}].inspection.reject`);
  });
  model.stations.forEach((station, index) => {
    if (station.source === undefined && !fed.has(`main ${station.id}`))
      findings.push(problem(`stations[${index}]`, "route", "nothing comes here: it is no source and no station sends to it"));
    if (station.assembly !== undefined && !fed.has(`assembly ${station.id}`))
      findings.push(problem(`stations[${index}].assembly`, "route", "no station sends to this assembly input"));
  });
  if (model.stations.length === 0) findings.push(problem("stations", "value", "must have at least one station"));
  else if (!model.stations.some((station) => station.next === undefined))
    findings.push(problem("stations", "route", "no station is the end of the line: leave `next` out at the last one"));
  return findings;
}

function programFindings(model: LineModel): Finding[] {
  const { program } = model;
  const findings: Finding[] = model.products.length === 0 ? [problem("products", "value", "must have at least one product")] : [];
  if (program?.kind === "batches") {
    const sum = program.mix.reduce((total, entry) => total + entry.share, 0);
    if (!(sum > 0)) findings.push(problem("program.mix", "value", "shares must add up to more than 0"));
    else if (Math.abs(sum - 1) > 0.001)
      findings.push(doubt("program.mix", "value", `shares add up to ${sum.toFixed(3)}; they are scaled to 1`));
    const known = new Set(model.products.map(({ id }) => id));
    program.planned?.forEach(({ product, quantity, start, end }, index) => {
      const path = `program.planned[${index}]`;
      if (!known.has(product)) findings.push(problem(`${path}.product`, "reference", `there is no product "${product}"`));
      if (quantity < 1) findings.push(problem(`${path}.quantity`, "value", "must be at least 1"));
      if (end < start) findings.push(problem(`${path}.end`, "value", "must not be before its start"));
    });
    program.mix.forEach((entry, index) => {
      if (entry.batchMin < 1 || entry.batchMax < entry.batchMin)
        findings.push(problem(`program.mix[${index}].batchMax`, "value", "needs 1 ≤ batchMin ≤ batchMax"));
    });
  }
  if (program?.kind === "orders") {
    if (program.orders.length === 0) findings.push(problem("program.orders", "value", "must have at least one order"));
    program.orders.forEach((order, index) => {
      if (order.quantity < 1) findings.push(problem(`program.orders[${index}].quantity`, "value", "must be at least 1"));
    });
  }
  return findings;
}

function calendarFindings(model: LineModel): Finding[] {
  const { calendar } = model;
  if (calendar === undefined) return [];
  const WEEK = 7 * 86_400;
  const spans =
    calendar.kind === "list"
      ? calendar.shifts.map((shift, index) => ({ start: shift.start, end: shift.end, index }))
      : calendar.shifts
          .flatMap((shift, index) =>
            shift.days.map((day) => ({ start: (day - 1) * 86_400 + shift.startS, end: (day - 1) * 86_400 + shift.endS, index })),
          )
          .toSorted((a, b) => a.start - b.start);
  const findings = spans.flatMap(({ start, end, index }) =>
    end > start ? [] : [problem(`calendar.shifts[${index}]`, "value", "must end after it starts")],
  );
  if (spans.length === 0) findings.push(doubt("calendar.shifts", "value", "there is no shift: the line never works"));
  if (calendar.kind === "weekly" && Math.abs(calendar.utcOffsetS ?? 0) > 86_400)
    findings.push(problem("calendar.utcOffsetS", "value", "must be within a day"));
  if (calendar.kind === "weekly") {
    calendar.shifts.forEach((shift, index) => {
      if (shift.days.some((day) => day < 1 || day > 7))
        findings.push(problem(`calendar.shifts[${index}].days`, "value", "days are 1 (Monday) to 7 (Sunday)"));
    });
    const [first, last] = [spans[0], spans.at(-1)];
    if (first !== undefined && last !== undefined && last.end > first.start + WEEK)
      findings.push(problem(`calendar.shifts[${last.index}]`, "value", "reaches into the first shift of the week"));
  }
  for (let at = 1; at < spans.length; at++)
    if (spans[at]!.start < spans[at - 1]!.end)
      findings.push(problem(`calendar.shifts[${spans[at]!.index}]`, "value", "begins before the one before it ends"));
  return findings;
}

function materialFindings(model: LineModel): Finding[] {
  return model.stations.flatMap((station, index) =>
    (station.materials ?? []).flatMap((material, at) => {
      const path = `stations[${index}].materials[${at}]`;
      if (model.logistics === undefined || model.logistics.vehicles < 1)
        return [problem(path, "reference", "kits need `logistics` with at least one vehicle")];
      if (material.kitsPerTrip < 1) return [problem(`${path}.kitsPerTrip`, "value", "must be at least 1")];
      return material.reorderAt + material.kitsPerTrip > material.capacity
        ? [doubt(`${path}.reorderAt`, "limit", "a trip called at this level may bring more than the station can hold")]
        : [];
    }),
  );
}
