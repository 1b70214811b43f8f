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
import type { Column } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { AreaKpis } from "../contract.ts";
import { CostText } from "./cost-cell.tsx";
import { signalTitle } from "./value-list.tsx";

/** Energy is counted by the minute, and so is the rest. */
const EVERY_MS = 60_000;
const SECOND = 1_000_000;
const MAX_STATES = 4;

/** How an area without a flow did since the shift or the day began: energy, counts, time in states, stock. */
export function AreaKpisCard({ place }: { readonly place: string }): ReactNode {
  const { branch, time } = useScope();
  const { t, zone } = useWords();
  const shown = useStore(time.shown);
  const loaded = useLoad(
    {
      key: ["GET /places/:id/kpis", place, shown === undefined ? "live" : Math.round(shown / (5 * SECOND))],
      run: ({ client }, signal) => {
        const query = { branch, ...(shown !== undefined && { t: Math.round(shown) }) };
        return calls.kpis(client, { params: { id: place }, query }, { signal });
      },
    },
    { everyMs: shown === undefined ? EVERY_MS : undefined },
  );
  const kpis = loaded.value;
  if (kpis === undefined || (figuresOf(kpis).length === 0 && kpis.assets.length === 0)) return null;
  return (
    <Card audit="energy.all" title={t("places.kpis.title")} note={t("places.kpis.since", { clock: clockText(kpis.from, zone, false) })}>
      <NotReadAgain loaded={loaded} />
      <FigureTable kpis={kpis} />
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
  readonly cost?: AreaKpis["cost"];
  readonly unit: string | undefined;
}

function figuresOf({ energy, cost, stock, counts }: AreaKpis): readonly Figure[] {
  return [
    ...(energy ? [{ key: "energy", kind: "energy", value: energy.kWh, unit: "kWh" } as const] : []),
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
  const { t, language } = useWords();
  const digits = ({ kind, value }: Figure): number =>
    kind === "count" && value !== undefined && Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0;
  const columns: readonly Column<Figure>[] = [
    {
      title: t("places.kpis.figure"),
      cell: ({ kind, count }) =>
        count === undefined ? (
          t(`places.kpis.${kind as "energy"}`)
        ) : (
          <>
            {signalTitle(count, language)} <small className="dw-quiet-text">{inLanguage(count.title, language)}</small>
          </>
        ),
    },
    {
      title: t("places.kpis.value"),
      isNumber: true,
      cell: (figure) => {
        if (figure.value === undefined) return <span title={t("places.kpis.unknown")}>–</span>;
        if (figure.cost !== undefined) return <CostText cost={figure.cost} />;
        const value = withUnit(fixedText(figure.value, digits(figure)), figure.unit);
        return figure.of === undefined ? value : t("places.kpis.ofAll", { value, all: figure.of });
      },
    },
  ];
  return <DataTable caption={t("places.kpis.title")} columns={columns} rows={figuresOf(kpis)} keyOf={({ key }) => key} />;
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
