import type { ReactNode } from "react";
import {
  Card,
  clockText,
  DataTable,
  durationText,
  fixedText,
  inLanguage,
  NotReadAgain,
  stateLook,
  useLoad,
  useScope,
  useStore,
  useWords,
  withUnit,
} from "@doppelwerk/kit/studio";
import type { Column, Loaded, Translate } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { AreaKpis } from "../contract.ts";
import { CostText } from "./cost-cell.tsx";
import { useEnergyGaps } from "./energy-text.tsx";
import { atLeast } from "./known.ts";
import { signalTitle } from "./value-list.tsx";

/** Energy is counted by the minute, and so is the rest. */
const EVERY_MS = 60_000;
const SECOND = 1_000_000;
const MAX_STATES = 4;
/** Locations that one row names. */
const MAX_LOCATIONS = 12;

function useAreaKpis(place: string): Loaded<AreaKpis> & { readonly reload: () => void } {
  const { branch, time } = useScope();
  const shown = useStore(time.shown);
  return useLoad(
    {
      key: ["GET /places/:id/kpis", place, shown === undefined ? "live" : Math.round(shown / (5 * SECOND))],
      run: ({ client }, signal) => {
        const query = { branch, ...(shown !== undefined && { t: Math.round(shown) }) };
        return calls.kpis(client, { params: { id: place }, query }, { signal });
      },
    },
    { everyMs: shown === undefined ? EVERY_MS : undefined },
  );
}

/** What lies where: a row for each storage location that is not empty. It is the first thing on the page of storage. */
export function StockCard({ place }: { readonly place: string }): ReactNode {
  const { t, language } = useWords();
  const stock = useAreaKpis(place).value?.stock;
  if (stock?.materials === undefined) return null;
  const rows = stock.materials
    .flatMap((material) => material.locations.map((location) => ({ material, location })))
    .toSorted((a, b) => (inLanguage(a.location.title, language) < inLanguage(b.location.title, language) ? -1 : 1));
  const columns: readonly Column<(typeof rows)[number]>[] = [
    {
      title: t("places.stock.location"),
      cell: ({ location }) => inLanguage(location.title, language),
      sortBy: ({ location }) => inLanguage(location.title, language),
    },
    {
      title: t("places.stock.material"),
      sortBy: ({ material }) => nameOfMaterial(material, language, t),
      cell: ({ material }) => (
        <>
          {nameOfMaterial(material, language, t)}
          {material.title !== undefined && <small className="dw-quiet-text"> {material.material}</small>}
        </>
      ),
    },
    {
      title: t("places.stock.quantity"),
      isNumber: true,
      sortBy: ({ location }) => location.quantity ?? -1,
      cell: ({ location }) => <b>{amountText(location.quantity, stock.unit, t)}</b>,
    },
  ];
  const title = t("places.stock.byLocation");
  return (
    <Card
      title={title}
      {...(stock.occupied !== undefined && { note: t("places.stock.inUse", { occupied: stock.occupied, count: stock.locations }) })}
    >
      <DataTable
        caption={title}
        columns={columns}
        rows={rows}
        keyOf={({ location, material }) => `${location.place} ${material.material ?? ""}`}
        empty={t("places.stock.empty")}
        isDense
      />
    </Card>
  );
}

function amountText(quantity: number | undefined, unit: string, t: Translate): string {
  if (quantity === undefined) return "–";
  return unit === "1" ? t("places.stock.units", { quantity }) : withUnit(fixedText(quantity, 0), unit);
}

function nameOfMaterial({ title, material }: StoredMaterial, language: "en" | "zh", t: Translate): string {
  return title === undefined ? (material ?? t("places.stock.unknown")) : inLanguage(title, language);
}

/** How an area without a flow did since the shift or the day began: energy, counts, time in states, stock. */
export function AreaKpisCard({ place }: { readonly place: string }): ReactNode {
  const { t, zone } = useWords();
  const loaded = useAreaKpis(place);
  const kpis = loaded.value;
  const stock = kpis?.stock;
  if (kpis === undefined || (figuresOf(kpis).length === 0 && kpis.assets.length === 0)) return null;
  return (
    <Card audit="energy.all" title={t("places.kpis.title")} note={t("places.kpis.since", { clock: clockText(kpis.from, zone, false) })}>
      <NotReadAgain loaded={loaded} />
      <FigureTable kpis={kpis} />
      {stock?.materials !== undefined && <MaterialTable materials={stock.materials} unit={stock.unit} />}
      <AssetTable assets={kpis.assets} />
    </Card>
  );
}

interface Figure {
  readonly key: string;
  /** Of the area as a whole, or what a totaliser is called and where it is. */
  readonly kind: "energy" | "cost" | "unallocated" | "quantity" | "locations" | "count";
  readonly count?: AreaKpis["counts"][number];
  readonly value: number | undefined;
  readonly of?: number;
  /** More than this, as a part is not known. */
  readonly isBound?: boolean;
  readonly cost?: AreaKpis["cost"];
  readonly unit: string | undefined;
}

function figuresOf({ energy, unknownMeters, cost, stock, counts }: AreaKpis): readonly Figure[] {
  return [
    ...(energy || unknownMeters !== undefined
      ? [
          {
            key: "energy",
            kind: "energy",
            value: energy?.kWh,
            isBound: unknownMeters !== undefined || energy?.lateMeters !== undefined || energy?.silentMeters !== undefined,
            unit: "kWh",
          } as const,
        ]
      : []),
    ...(energy?.unallocatedKWh === undefined
      ? []
      : [{ key: "unallocated", kind: "unallocated", value: energy.unallocatedKWh, unit: "kWh" } as const]),
    ...(cost ? [{ key: "cost", kind: "cost", value: cost.amount, cost, unit: cost.currency } as const] : []),
    ...(stock
      ? [
          { key: "quantity", kind: "quantity", value: stock.quantity, unit: stock.unit === "1" ? undefined : stock.unit } as const,
          { key: "locations", kind: "locations", value: stock.occupied, of: stock.locations, unit: undefined } as const,
        ]
      : []),
    ...counts.map(
      (count) =>
        ({ key: count.signal, kind: "count", count, value: count.value, unit: count.unit === "1" ? undefined : count.unit }) as const,
    ),
  ];
}

function FigureTable({ kpis }: { readonly kpis: AreaKpis }): ReactNode {
  const { t, language, zone } = useWords();
  const gaps = useEnergyGaps(kpis);
  const leftOut = ({ kind, count }: Figure): string =>
    kind === "energy"
      ? gaps.join(", ")
      : count?.since === undefined
        ? ""
        : t("places.energy.since", { clock: clockText(count.since, zone, false) });
  const digits = ({ kind, value }: Figure): number =>
    kind === "count" && value !== undefined && Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0;
  const columns: readonly Column<Figure>[] = [
    {
      title: t("places.kpis.figure"),
      cell: (figure) => {
        const { kind, count } = figure;
        const small = [...(count === undefined ? [] : [inLanguage(count.title, language)]), leftOut(figure)].filter((text) => text !== "");
        return (
          <>
            {count === undefined ? t(`places.kpis.${kind as "energy"}`) : signalTitle(count, language)}
            {small.length > 0 && <small className="dw-quiet-text"> {small.join(", ")}</small>}
          </>
        );
      },
    },
    {
      title: t("places.kpis.value"),
      isNumber: true,
      cell: (figure) => {
        if (figure.value === undefined) return <span title={t("places.kpis.unknown")}>–</span>;
        if (figure.cost !== undefined) return <CostText cost={figure.cost} />;
        const value = withUnit(atLeast(fixedText(figure.value, digits(figure)), figure.isBound === true), figure.unit);
        return figure.of === undefined ? value : t("places.kpis.ofAll", { value, all: figure.of });
      },
    },
  ];
  return <DataTable caption={t("places.kpis.title")} columns={columns} rows={figuresOf(kpis)} keyOf={({ key }) => key} />;
}

type StoredMaterial = NonNullable<NonNullable<AreaKpis["stock"]>["materials"]>[number];

/** What lies where: a row for each material with all of it, and what is in each location. */
function MaterialTable({ materials, unit }: { readonly materials: readonly StoredMaterial[]; readonly unit: string }): ReactNode {
  const { t, language } = useWords();
  const amount = (quantity: number | undefined): string => amountText(quantity, unit, t);
  const nameOf = (row: StoredMaterial): string => nameOfMaterial(row, language, t);
  const columns: readonly Column<StoredMaterial>[] = [
    {
      title: t("places.stock.material"),
      sortBy: nameOf,
      cell: (row) => (
        <>
          {nameOf(row)}
          {row.title !== undefined && <small className="dw-quiet-text"> {row.material}</small>}
        </>
      ),
    },
    {
      title: t("places.stock.quantity"),
      isNumber: true,
      sortBy: ({ quantity }) => quantity ?? -1,
      cell: ({ quantity }) => (quantity === undefined ? <span title={t("places.kpis.unknown")}>–</span> : <span>{amount(quantity)}</span>),
    },
    {
      title: t("places.stock.locations"),
      cell: ({ locations }) =>
        locations
          .slice(0, MAX_LOCATIONS)
          .map(({ title, quantity }) => `${inLanguage(title, language)}: ${amount(quantity)}`)
          .concat(locations.length > MAX_LOCATIONS ? [t("places.stock.more", { count: locations.length - MAX_LOCATIONS })] : [])
          .join(" · "),
    },
  ];
  return (
    <DataTable
      caption={t("places.stock.title")}
      columns={columns}
      rows={materials}
      keyOf={({ material }) => material ?? ""}
      empty={t("places.stock.empty")}
    />
  );
}

/** Each asset with its availability and the states that it spent its time in. */
function AssetTable({ assets }: Pick<AreaKpis, "assets">): ReactNode {
  const { t, language } = useWords();
  const stateText = ({ states, unknownS }: AreaKpis["assets"][number]): string => {
    const all = states.reduce((sum, { seconds }) => sum + seconds, unknownS);
    // several words of a machine may have one name
    const byName = new Map<string, number>();
    for (const { word, state, seconds } of states) {
      const name = state === undefined ? word : t.or(`state.${stateLook(state)}`, word);
      byName.set(name, (byName.get(name) ?? 0) + seconds);
    }
    const named = [...byName].map(([name, seconds]) => ({ name, seconds })).toSorted((a, b) => b.seconds - a.seconds);
    return [...named.slice(0, MAX_STATES), ...(unknownS > 0 ? [{ name: t("places.kpis.unknownTime"), seconds: unknownS }] : [])]
      .map(
        ({ name, seconds }) =>
          `${name} ${fixedText((seconds / Math.max(1, all)) * 100, 0)} % (${durationText(seconds * SECOND, language)})`,
      )
      .join(" · ");
  };
  const columns: readonly Column<AreaKpis["assets"][number]>[] = [
    { title: t("places.kpis.asset"), cell: ({ title }) => inLanguage(title, language) },
    {
      title: t("places.kpis.availability"),
      isNumber: true,
      cell: ({ availability }) =>
        availability === undefined ? (
          <span title={t("places.kpis.noAvailability")}>–</span>
        ) : (
          <span title={t("places.kpis.availabilityHint")}>{withUnit(fixedText(availability * 100, 1), "%")}</span>
        ),
    },
    { title: t("places.kpis.states"), cell: stateText },
  ];
  if (assets.length === 0) return null;
  return <DataTable caption={t("places.kpis.states")} columns={columns} rows={assets} keyOf={({ signal }) => signal} />;
}
