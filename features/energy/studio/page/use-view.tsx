import type { Message } from "@doppelwerk/kit";
import type { ReactNode } from "react";
import {
  Card,
  DataTable,
  Empty,
  Failure,
  messageText,
  NotReadAgain,
  OriginMark,
  percentText,
  periodText,
  useLoad,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { EnergyUse } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import type { AskedOfEnergy } from "./energy-page.tsx";
import { amountText, costText } from "./energy-text.ts";
import { PlaceRows } from "./place-rows.tsx";

const EVERY_MS = 60_000;

/** What was used where, in which state, for which order and product, and what of each meter nothing inside accounts for. */
export function UseView({ asked }: { readonly asked: AskedOfEnergy }): ReactNode {
  const { branch, line, medium, isMoving, spanNow } = asked;
  const loaded = useLoad(
    {
      key: ["GET /energy-use", branch, line, medium, isMoving ? "live" : spanNow().to, spanNow().to - spanNow().from],
      run: ({ client }, signal) => calls.use(client, { query: { branch, line, medium, ...spanNow() } }, { signal }),
      changedBy: { kinds: ["energyMeter", "energyTariff", "productionOrder"] },
    },
    { everyMs: isMoving ? EVERY_MS : undefined },
  );
  const { t } = useWords();
  const use = loaded.value;
  if (use === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  if (!use.places.some(({ isMetered }) => isMetered))
    return <Empty title={t("energy.page.none", { medium: t(`energy.medium.${use.medium}`) })} text={t("energy.page.noneText")} />;
  return (
    <>
      <NotReadAgain loaded={loaded} />
      <Head use={use} />
      <Findings use={use} />
      <PlaceRows use={use} />
      <Made use={use} />
    </>
  );
}

/** The outermost meter, or the stations together where nothing around them has one. */
export function totalOf({ places }: EnergyUse): {
  readonly amount: number | undefined;
  readonly known: number;
  readonly cost: number | undefined;
} {
  const metered = places.filter(({ isMetered }) => isMetered);
  const ids = new Set(metered.map(({ place }) => place));
  const outer = metered.filter(({ above }) => above === undefined || !ids.has(above));
  const sum = (pick: (place: (typeof outer)[number]) => number | undefined): number | undefined =>
    outer.every((place) => pick(place) !== undefined) ? outer.reduce((all, place) => all + pick(place)!, 0) : undefined;
  return { amount: sum(({ amount }) => amount), known: outer.reduce((all, { known }) => all + known, 0), cost: sum(({ cost }) => cost) };
}

function Head({ use }: { readonly use: EnergyUse }): ReactNode {
  const { t, zone, language } = useWords();
  const { amount, known, cost } = totalOf(use);
  const stations = use.places.filter(({ kind, groups }) => kind === "station" && groups !== undefined);
  const sum = (pick: (groups: NonNullable<(typeof stations)[number]["groups"]>) => number): number =>
    stations.reduce((all, { groups }) => all + pick(groups!), 0);
  const ofStates = sum(({ producing, waiting, stopped, off }) => producing + waiting + stopped + off);
  const standby = ofStates > 0 ? 1 - sum(({ producing }) => producing) / ofStates : undefined;
  const used = amount === undefined ? `≥ ${amountText(known, use.unit)}` : amountText(amount, use.unit);
  return (
    <header className="dw-energy-head">
      <h2>
        {standby === undefined ? t("energy.page.used", { used }) : t("energy.page.usedOf", { used, share: percentText(standby) })}
        {use.isSimulated && <OriginMark origin="simulated" />}
      </h2>
      <p className="dw-quiet-text">
        {periodText(use.from, use.to, zone, language)}
        {cost !== undefined && ` · ${t("energy.page.cost", { cost: costText(cost, use.currency) })}`}
        {use.currency === undefined && ` · ${t("energy.page.noTariff")}`}
      </p>
    </header>
  );
}

function Findings({ use }: { readonly use: EnergyUse }): ReactNode {
  useWords();
  if (use.findings.length === 0) return null;
  return (
    <ul className="dw-energy-findings">
      {use.findings.map((finding, at) => (
        <li key={at}>{messageText("", finding as Message)}</li>
      ))}
    </ul>
  );
}

type OrderRow = EnergyUse["orders"][number];
type ProductRow = EnergyUse["products"][number];

function Made({ use }: { readonly use: EnergyUse }): ReactNode {
  const { t, zone, language } = useWords();
  const { unit, currency } = use;
  const shared = <Row extends OrderRow | ProductRow>(): Column<Row>[] => [
    { title: t("energy.made.good"), isNumber: true, cell: ({ good }) => (good === undefined ? "–" : String(good)) },
    { title: t("energy.made.amount"), isNumber: true, cell: ({ amount }) => amountText(amount, unit), sortBy: ({ amount }) => amount },
    { title: t("energy.made.each"), isNumber: true, cell: ({ each }) => amountText(each, unit), sortBy: ({ each }) => each },
    { title: t("energy.made.cost"), isNumber: true, cell: ({ cost }) => costText(cost, currency) },
  ];
  return (
    <div className="dw-energy-made">
      <Card title={t("energy.made.orders")} note={t("energy.made.note")}>
        <DataTable<OrderRow>
          caption={t("energy.made.orders")}
          rows={use.orders}
          keyOf={({ order, line }) => `${line} ${order}`}
          empty={t("energy.made.noOrders")}
          columns={[
            { title: t("energy.made.order"), cell: ({ order }) => order },
            { title: t("energy.made.product"), cell: ({ product }) => product },
            { title: t("energy.made.when"), cell: ({ from, to }) => periodText(from, to, zone, language) },
            ...shared<OrderRow>(),
          ]}
        />
      </Card>
      <Card title={t("energy.made.products")} note={t("energy.made.note")}>
        <DataTable<ProductRow>
          caption={t("energy.made.products")}
          rows={use.products}
          keyOf={({ product }) => product}
          empty={t("energy.made.noProducts")}
          columns={[{ title: t("energy.made.product"), cell: ({ product }) => product }, ...shared<ProductRow>()]}
        />
      </Card>
    </div>
  );
}
