import { message, type Message } from "@doppelwerk/messages";
import type { ElementRecord, Instant, RecordId, RecordReader, ShellRecord, SubmodelRecord } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { isAreaOrAbove, isWorkCentre, type Place } from "./place.ts";

/** What holds from an instant on, until the next one. */
export interface Price {
  readonly from: Instant;
  /** In the currency, for one kWh. */
  readonly energyPerKWh?: number;
  /** In the currency, for one rejected part. */
  readonly scrapPerPart?: number;
}

export interface PlacePrices {
  /** ISO 4217. */
  readonly currency: string;
  /** By the instant from which each holds. */
  readonly prices: readonly Price[];
}

export interface ReadPrices {
  /** Of each place that a price holds for: its own prices, else those of the nearest place above. */
  readonly of: ReadonlyMap<RecordId, PlacePrices>;
  readonly findings: readonly Message[];
}

const MAX_FINDINGS = 20;

/**
 * Prices as the submodels `Prices` of areas, what holds them, and work centres say them: `Currency` (ISO 4217) and a list `Prices` of `ValidFrom`, `EnergyPerKWh` and `ScrapPerPart`. What
 * cannot be read is no price, and a finding.
 * @param midnight the instant at which a day begins on the clock of the plant, in microseconds
 */
export function readPrices(reader: RecordReader, places: readonly Place[], midnight: (day: string) => Instant): ReadPrices {
  const submodels = reader.query({ kind: "submodel", index: { name: "idShort", value: "Prices" } }) as readonly SubmodelRecord[];
  const findings: Message[] = [];
  const own = new Map<string, PlacePrices>();
  const found = submodels.filter(({ body }) => body["kind"] !== "Template");
  const owners = new Map(
    places.flatMap((place) =>
      found.length > 0 && (isAreaOrAbove(place.kind) || isWorkCentre(place.kind))
        ? submodelsOf(reader, place).map((id) => [id, place] as const)
        : [],
    ),
  );
  for (const submodel of found) {
    const place = owners.get(submodel.aasId);
    if (place === undefined) continue;
    const { currency, prices, isWhole } = pricesOf(reader, submodel, midnight);
    if (!isWhole && findings.length < MAX_FINDINGS) findings.push(message("places.priceUnread", { place: place.title.en }));
    if (currency !== undefined && prices.length > 0) own.set(place.id, { currency, prices });
  }
  const of = new Map<RecordId, PlacePrices>();
  for (const { id, parent } of places) {
    const held = own.get(id) ?? (parent === undefined ? undefined : of.get(parent));
    if (held !== undefined) of.set(id, held);
  }
  return { of, findings };
}

function submodelsOf(reader: RecordReader, { id }: Place): readonly string[] {
  return (reader.get(id) as ShellRecord | undefined)?.submodels ?? [];
}

interface Read {
  readonly currency: string | undefined;
  readonly prices: readonly Price[];
  /** False: something in it could not be read. */
  readonly isWhole: boolean;
}

function pricesOf(reader: RecordReader, { id: submodel }: SubmodelRecord, midnight: (day: string) => Instant): Read {
  const elements = reader.query({ kind: "element", index: { name: "submodel", value: submodel } }) as readonly ElementRecord[];
  const textOf = (parent: string, name: string): string | undefined => {
    const value = elements.find((element) => element.parent === parent && element.idShort === name)?.value;
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  };
  const currency = textOf(submodel, "Currency");
  const lists = new Set(elements.filter(({ parent, idShort }) => parent === submodel && idShort === "Prices").map(({ id }) => id));
  const items = elements.filter(({ parent }) => lists.has(parent));
  const read = items.map(({ id }): Price | undefined => {
    const from = fromOf(textOf(id, "ValidFrom"), midnight);
    const [energy, scrap] = [amountOf(textOf(id, "EnergyPerKWh")), amountOf(textOf(id, "ScrapPerPart"))];
    if (from === undefined || energy === null || scrap === null || (energy === undefined && scrap === undefined)) return undefined;
    return { from, ...(energy !== undefined && { energyPerKWh: energy }), ...(scrap !== undefined && { scrapPerPart: scrap }) };
  });
  const prices = read.filter((price) => price !== undefined).toSorted((a, b) => a.from - b.from);
  const isCurrency = currency !== undefined && /^[A-Z]{3}$/.test(currency);
  return { currency: isCurrency ? currency : undefined, prices, isWhole: isCurrency && prices.length === items.length };
}

/** Null: it is no amount. A price may be below zero, as that of energy sometimes is. */
function amountOf(text: string | undefined): number | undefined | null {
  if (text === undefined) return undefined;
  const amount = Number(text);
  return Number.isFinite(amount) ? amount : null;
}

/** A day (xs:date) or an instant with its zone (xs:dateTime); without one the price holds from the beginning. Undefined: it is neither. */
function fromOf(text: string | undefined, midnight: (day: string) => Instant): Instant | undefined {
  if (text === undefined) return Number.NEGATIVE_INFINITY;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return orUndefined(midnight(text));
  return /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? orUndefined(Date.parse(text) * 1_000) : undefined;
}

function orUndefined(instant: number): number | undefined {
  return Number.isFinite(instant) ? instant : undefined;
}

/** The price that holds at an instant; undefined before the first. */
export function priceAt({ prices }: PlacePrices, at: Instant): Price | undefined {
  return prices.findLast(({ from }) => from <= at);
}

/** Instants in (from, to) at which a price of these places changes. */
export function changesWithin(all: Iterable<PlacePrices>, from: Instant, to: Instant): readonly Instant[] {
  const changes = [...new Set(all)].flatMap(({ prices }) => prices.map((price) => price.from));
  return [...new Set(changes)].filter((at) => at > from && at < to).toSorted((a, b) => a - b);
}
