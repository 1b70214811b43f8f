import { message, type Message } from "@doppelwerk/kit";
import type { AuditItem, AuditTerm, FigureAudit } from "@doppelwerk/ports";
import type { Instant, RecordId } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import type { CostFacts, PlaceCost } from "./cost.ts";
import { energyOf as energyOfPlaces, type ReadingCount } from "./energy.ts";
import type { Place } from "./place.ts";
import { priceAt, type PlacePrices } from "./prices.ts";

/** A meter with what it counted; `count` absent: not known. */
export interface AuditedMeter {
  readonly signal: RecordId;
  /** What it is called, and the shell of the place that it counts for. */
  readonly title: FigureAudit["title"];
  readonly shell: string;
  /** kWh in one of its units. */
  readonly kWh: number;
  readonly count?: {
    readonly from: Instant;
    readonly at: Instant;
    /** Where there is no reading at the end: up to when it is counted. */
    readonly until?: Instant;
  } & ReadingCount;
}

export interface EnergyFacts {
  /** The place, then everything in it. */
  readonly within: readonly Place[];
  readonly meters: readonly AuditedMeter[];
  readonly from: Instant;
  readonly at: Instant;
  readonly prices: CostFacts | undefined;
  readonly cost: PlaceCost | undefined;
  /** Title of each line by its shell, with what it rejected. */
  readonly scrap: ReadonlyMap<string, number | undefined>;
  /** While the past is read neither is known. */
  readonly isRead: boolean;
}

type Figure = Omit<FigureAudit, "from" | "to">;

const kWh = "kWh";

/** Energy of a place by its meters with their readings, and what was paid for it at which prices. */
export function auditedEnergy(facts: EnergyFacts): readonly FigureAudit[] {
  const { within, meters, from, at } = facts;
  if (meters.length === 0 && facts.cost === undefined) return [];
  const { counted, inside, isOwn } = metersOf(within, meters);
  const figures: readonly Figure[] = [
    ...(meters.length === 0 ? [] : [energyFigure(facts, counted)]),
    ...(isOwn && inside.length > 0 && counted.every(({ count }) => count!.from === from && count!.until === undefined)
      ? [unallocated(counted, inside, isUpperBound(facts, inside))]
      : []),
    ...costFigures(facts, counted),
  ];
  return [
    ...figures.map((figure) => ({ ...figure, from, to: Math.max(at, from) })),
    ...[...counted, ...inside].map((meter) => meterFigure(meter, from, at)),
  ];
}

interface CountedMeters {
  /** Whose sum is the energy of the place. */
  readonly counted: readonly AuditedMeter[];
  /** Those right below them in the tree: what they count is in it. */
  readonly inside: readonly AuditedMeter[];
  /** They are meters of the place itself. */
  readonly isOwn: boolean;
}

/** The meter of a place counts what stands in it too: those in it are not added to it once more. */
export function metersOf(within: readonly Place[], meters: readonly AuditedMeter[]): CountedMeters {
  const own = grouped(
    meters.filter(({ count }) => count !== undefined),
    ({ shell }) => shell,
  );
  const children = grouped(within, ({ parent }) => parent);
  const below = (id: RecordId): readonly AuditedMeter[] =>
    (children.get(id) ?? []).flatMap((child) => own.get(child.shell) ?? below(child.id));
  const root = within[0]!;
  const [ofRoot, inside] = [own.get(root.shell), below(root.id)];
  return ofRoot === undefined ? { counted: inside, inside: [], isOwn: false } : { counted: ofRoot, inside, isOwn: true };
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const energyOfMeter = ({ count, kWh: factor }: AuditedMeter): number => (count === undefined ? 0 : count.units * factor);
const energyOf = (meters: readonly AuditedMeter[]): number => meters.reduce((sum, meter) => sum + energyOfMeter(meter), 0);
const termOf = (meter: AuditedMeter): AuditTerm => ({ title: meter.title, value: energyOfMeter(meter), unit: kWh, figure: idOf(meter) });
const idOf = ({ signal }: AuditedMeter): string => `energy.${signal}`;

function energyFigure(facts: EnergyFacts, counted: readonly AuditedMeter[]): Figure {
  const { meters, isRead, from, at } = facts;
  const items = meters.map((meter): AuditItem => {
    const why =
      meter.count === undefined
        ? message("places.audit.meterUnknown")
        : counted.includes(meter)
          ? undefined
          : message("places.audit.meterInside");
    return {
      title: meter.title,
      from: meter.count?.from ?? from,
      to: meter.count?.until ?? meter.count?.at ?? at,
      value: energyOfMeter(meter),
      unit: kWh,
      isCounted: why === undefined,
      ...(why && { why }),
    };
  });
  return {
    ...figureOf("energy.all", "energy", kWh),
    ...(counted.length > 0 && { value: energyOf(counted), operator: "sum" as const }),
    terms: counted.map(termOf),
    items,
    notes: counted.length > 0 ? gapsOf(facts, counted) : [message(isRead ? "places.audit.noReadings" : "places.audit.reading")],
  };
}

/** What the energy of a place leaves out: of meters that are not known, and before one began. */
function gapsOf({ within, meters, from }: EnergyFacts, counted: readonly AuditedMeter[]): readonly Message[] {
  const all = meters.map(({ shell, kWh: factor, count }) => ({ shell, ...(count && { kWh: count.units * factor }) }));
  const unknown = energyOfPlaces(within, all).get(within[0]!.id)?.unknown ?? 0;
  const late = counted.filter(({ count }) => count !== undefined && count.from > from);
  const silent = counted.filter(({ count }) => count?.until !== undefined);
  return [
    ...(unknown === 0 ? [] : [message("places.audit.metersUnknown", { count: unknown })]),
    ...(late.length === 0 ? [] : [message("places.audit.metersLate", { count: late.length })]),
    ...(silent.length === 0 ? [] : [message("places.audit.metersSilent", { count: silent.length })]),
  ];
}

/** A meter in the place is not known, or began later: what it would have counted is a part of what is left. */
function isUpperBound({ within, meters, from }: EnergyFacts, inside: readonly AuditedMeter[]): boolean {
  const own = within[0]!.shell;
  return (
    inside.some(({ count }) => count!.from > from || count!.until !== undefined) ||
    meters.some(({ shell, count }) => shell !== own && count === undefined)
  );
}

function unallocated(own: readonly AuditedMeter[], inside: readonly AuditedMeter[], isBound: boolean): Figure {
  return {
    ...figureOf("energy.unallocated", "unallocated", kWh),
    value: energyOf(own) - energyOf(inside),
    operator: "difference",
    terms: [{ title: message("places.audit.energy"), value: energyOf(own), unit: kWh, figure: "energy.all" }, ...inside.map(termOf)],
    notes: isBound ? [message("places.audit.unallocatedAtMost")] : [],
  };
}

/** A meter with its readings: each number that makes what it counted is a term, also those of a reset and of a fall. */
function meterFigure(meter: AuditedMeter, from: Instant, at: Instant): FigureAudit {
  const { signal, title, kWh: factor, count } = meter;
  return {
    ...figureOf(idOf(meter), "meter", kWh),
    from: count?.from ?? from,
    to: Math.max(count?.until ?? count?.at ?? at, count?.from ?? from),
    title,
    ...(count && { value: count.units * factor, ...countTerms(count, factor) }),
    ...(factor !== 1 && { facts: [message("places.audit.factor", { factor })] }),
    signals: [{ signal, title }],
  };
}

function countTerms(count: ReadingCount, factor: number): Pick<FigureAudit, "operator" | "terms"> {
  const { first, last, highest, beforeResets } = count;
  const term = (title: Message, units: number): AuditTerm => ({ title, value: units * factor, unit: kWh });
  if (beforeResets.length === 0 && highest === last)
    return {
      operator: "difference",
      terms: [term(message("places.audit.readingAtEnd"), last), term(message("places.audit.readingAtStart"), first)],
    };
  return {
    operator: "sum",
    terms: [
      term(message("places.audit.readingAtEnd"), last),
      term(message("places.audit.readingAtStart"), -first),
      ...beforeResets.map((reading) => term(message("places.audit.beforeReset"), reading)),
      ...(highest > last ? [term(message("places.audit.fell", { highest: Number((highest * factor).toFixed(3)) }), highest - last)] : []),
    ],
  };
}

/** Cost, with the parts that it is the sum of; why it is not known where it is not. */
function costFigures(facts: EnergyFacts, counted: readonly AuditedMeter[]): readonly Figure[] {
  const { prices, cost, isRead } = facts;
  if (cost !== undefined && prices !== undefined) {
    const { currency, amount, energy, scrap } = cost;
    const parts: readonly AuditTerm[] = [
      ...(energy === undefined
        ? []
        : [{ title: message("places.audit.costEnergy"), value: energy, unit: currency, figure: "energy.costEnergy" }]),
      ...(scrap === undefined
        ? []
        : [{ title: message("places.audit.costScrap"), value: scrap, unit: currency, figure: "energy.costScrap" }]),
    ];
    return [
      {
        ...figureOf("energy.cost", "cost", currency),
        value: amount,
        operator: "sum",
        terms: parts,
        notes: cost.atLeast === true ? [message("places.audit.costAtLeast")] : [],
      },
      ...(energy === undefined
        ? []
        : [
            {
              ...figureOf("energy.costEnergy", "costEnergy", currency),
              value: energy,
              operator: "sum" as const,
              terms: paidEnergy(facts, prices),
            },
          ]),
      ...(scrap === undefined
        ? []
        : [
            {
              ...figureOf("energy.costScrap", "costScrap", currency),
              value: scrap,
              operator: "sum" as const,
              terms: paidScrap(facts, prices),
            },
          ]),
    ];
  }
  const unpriced = counted.filter(({ shell }) => pricesAt(facts, shell) === undefined);
  const notes: readonly Message[] = !isRead
    ? [message("places.audit.reading")]
    : prices === undefined
      ? [message("places.audit.noPrices")]
      : [
          message("places.audit.costUnknown"),
          ...unpriced.slice(0, 10).map(({ title }) => message("places.audit.noPrice", { meter: title })),
        ];
  return [{ ...figureOf("energy.cost", "cost", ""), notes }];
}

function pricesAt({ within, prices }: EnergyFacts, shell: string): PlacePrices | undefined {
  const place = within.find((each) => each.shell === shell);
  return place && prices?.prices.get(place.id);
}

/** One term for each place with a meter and each span in which no price changed. */
function paidEnergy(facts: EnergyFacts, { spans }: CostFacts): readonly AuditTerm[] {
  const { counted } = metersOf(facts.within, facts.meters);
  const shells = [...new Set(counted.map(({ shell }) => shell))];
  return spans.flatMap(({ from, meters }) =>
    shells.flatMap((shell) => {
      const prices = pricesAt(facts, shell);
      const price = prices && priceAt(prices, from)?.energyPerKWh;
      const energy = meters.filter((meter) => meter.shell === shell).reduce((sum, meter) => sum + meter.kWh, 0);
      if (prices === undefined || price === undefined) return [];
      const place = facts.within.find((each) => each.shell === shell)!.title;
      const title = message("places.audit.paidEnergy", { place, energy: Number(energy.toFixed(3)), price, currency: prices.currency });
      return [{ title, value: energy * price, unit: prices.currency }];
    }),
  );
}

function paidScrap(facts: EnergyFacts, { spans }: CostFacts): readonly AuditTerm[] {
  return [...facts.scrap].flatMap(([shell, units]) => {
    const prices = pricesAt(facts, shell);
    const price = prices && spans[0] && priceAt(prices, spans[0].from)?.scrapPerPart;
    if (prices === undefined || price === undefined || units === undefined) return [];
    const line = facts.within.find((each) => each.shell === shell)!.title;
    return [
      {
        title: message("places.audit.paidScrap", { line, units, price, currency: prices.currency }),
        value: units * price,
        unit: prices.currency,
      },
    ];
  });
}

type Name = "energy" | "unallocated" | "meter" | "cost" | "costEnergy" | "costScrap";

function figureOf(id: string, name: Name, unit: string): Figure {
  return {
    id,
    group: "energy",
    title: message(`places.audit.${name}` as "places.audit.energy"),
    unit,
    rule: message(`places.audit.${name}Rule` as "places.audit.energyRule"),
    terms: [],
    notes: [],
  };
}
