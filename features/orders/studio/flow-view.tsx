import type { ReactNode } from "react";
import {
  Card,
  clockText,
  DataTable,
  durationText,
  Empty,
  Failure,
  fixedText,
  inLanguage,
  NotReadAgain,
  useLoad,
  useScope,
  useStore,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { BusinessFlow } from "../contract.ts";
import type {} from "../message-codes.ts";
import { unitText } from "./order-table.tsx";

const EVERY_MS = 10_000;
type FlowOfLine = BusinessFlow["lines"][number];
type Stop = FlowOfLine["stops"][number];
type Material = BusinessFlow["materials"][number];

/** Logistics, money and information of the lines on one screen, with the rates that they are computed with. */
export function FlowView(): ReactNode {
  const { branch, time } = useScope();
  const { t } = useWords();
  const shown = useStore(time.shown);
  const at = shown === undefined ? undefined : Math.round(shown / 5_000_000) * 5_000_000;
  const loaded = useLoad(
    {
      key: ["GET /business-flow", branch, at],
      run: ({ client }, signal) => calls.flow(client, { query: { branch, ...(at !== undefined && { t: at }) } }, { signal }),
    },
    { everyMs: () => (at === undefined ? EVERY_MS : undefined) },
  );
  const flow = loaded.value;
  if (flow === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  if (flow.lines.length === 0) return <Empty title={t("orders.flowNone")} text={t("orders.flowNoneText")} />;
  return (
    <>
      <NotReadAgain loaded={loaded} />
      <div className="dw-flow-lines">
        {flow.lines.map((line) => (
          <LineMoney key={line.line} line={line} currency={flow.currency} validFrom={flow.validFrom} />
        ))}
      </div>
      <div className="dw-flow-lines">
        <Materials flow={flow} />
        <Information flow={flow} />
      </div>
    </>
  );
}

function LineMoney({
  line,
  currency,
  validFrom,
}: {
  readonly line: FlowOfLine;
  readonly currency: string | undefined;
  readonly validFrom: string | undefined;
}): ReactNode {
  const { t, language, zone } = useWords();
  const title = inLanguage(line.title, language);
  const money = (value: number | undefined, digits = 2): string =>
    value === undefined ? "–" : `${fixedText(value, digits)} ${currency ?? ""}`;
  const { shift, cost, rate } = line;
  const stops: readonly Column<Stop>[] = [
    { title: t("orders.stop"), cell: ({ from, state }) => `${clockText(from, zone, false)} ${t.or(`state.${state}`, state)}` },
    { title: t("orders.duration"), isNumber: true, cell: ({ from, to }) => durationText(to - from, language) },
    { title: t("orders.costs"), isNumber: true, cell: (stop) => money(stop.cost, 0) },
  ];
  return (
    <Card
      title={
        <>
          {title}
          {line.isSimulated && <abbr className="dw-orders-sim">SIM</abbr>}
        </>
      }
      note={
        shift === undefined
          ? t("orders.noShift")
          : t("orders.shiftSince", { at: clockText(shift.from, zone, false), hours: fixedText(shift.hours, 1) })
      }
    >
      <dl className="dw-flow-figures">
        <Figure label={t("orders.perPiece")} value={money(cost?.perPiece)} isMain />
        <Figure label={t("orders.goodPieces")} value={cost === undefined ? "–" : String(cost.good)} />
        <Figure label={t("orders.ofMaterial")} value={money(cost?.material, 0)} />
        <Figure label={t("orders.ofHours")} value={money(cost?.conversion, 0)} />
        <Figure label={t("orders.wip")} value={line.wip === undefined ? "–" : t("orders.pcs", { count: line.wip })} />
        <Figure label={t("orders.wipValue")} value={money(line.value, 0)} />
        <Figure label={t("orders.queue")} value={t("orders.pcs", { count: line.waiting })} />
      </dl>
      {cost !== undefined && cost.unknown.length > 0 && (
        <p className="dw-note is-trouble">{t("orders.costUnknown", { names: cost.unknown.map((name) => name || "?").join(", ") })}</p>
      )}
      <DataTable
        caption={t("orders.stopsOf", { title })}
        columns={stops}
        rows={line.stops}
        keyOf={({ from }) => String(from)}
        empty={t("orders.noStops")}
      />
      <p className="dw-note">
        {rate === undefined
          ? t("orders.noRate")
          : t(rate.perHour === undefined ? "orders.rateWithout" : "orders.rate", {
              machine: money(rate.machineHour, 2),
              labour: money(rate.labourHour, 2),
              operators: rate.operators ?? 0,
              sum: money(rate.perHour, 2),
            })}{" "}
        {validFrom !== undefined && rate !== undefined && t("orders.validFrom", { day: validFrom })} {t("orders.assumed")}
      </p>
    </Card>
  );
}

function Figure({
  label,
  value,
  isMain = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly isMain?: boolean;
}): ReactNode {
  return (
    <div className={isMain ? "is-main" : undefined}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Materials({ flow: { materials, lots } }: { readonly flow: BusinessFlow }): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<Material>[] = [
    {
      title: t("orders.materialField.material"),
      cell: ({ material, title, isCalled }) => (
        <>
          {title} <span className="dw-quiet-text">{material}</span>
          {isCalled && <small className="dw-order-finding"> {t("orders.call")}</small>}
        </>
      ),
    },
    {
      title: t("orders.onHand"),
      isNumber: true,
      cell: ({ onHand, unit }) => (onHand === undefined ? "–" : `${onHand} ${unitText(unit, t)}`),
      sortBy: ({ onHand }) => onHand,
    },
    {
      title: t("orders.needed"),
      isNumber: true,
      cell: ({ needed, unit }) => `${needed} ${unitText(unit, t)}`,
      sortBy: ({ needed }) => needed,
    },
    {
      title: t("orders.lasts"),
      isNumber: true,
      cell: ({ lastsHours }) => (lastsHours === undefined ? "–" : `${fixedText(lastsHours, 1)} h`),
      sortBy: ({ lastsHours }) => lastsHours,
    },
  ];
  return (
    <Card title={t("orders.logistics")} note={t("orders.lots", { count: lots })}>
      <DataTable
        caption={t("orders.logistics")}
        columns={columns}
        rows={materials}
        keyOf={({ material }) => material}
        empty={t("orders.noMaterials")}
      />
    </Card>
  );
}

function Information({ flow: { information } }: { readonly flow: BusinessFlow }): ReactNode {
  const { t, zone } = useWords();
  const { open, late, corrected, unknown, sources } = information;
  return (
    <Card title={t("orders.information")}>
      <dl className="dw-flow-figures">
        <Figure label={t("orders.openOrders")} value={String(open)} isMain />
        <Figure label={t("orders.lateOrders")} value={String(late)} />
        <Figure label={t("orders.correctedOrders")} value={String(corrected)} />
        <Figure label={t("orders.unknownOrders")} value={String(unknown)} />
      </dl>
      <DataTable
        caption={t("orders.tab.sources")}
        columns={[
          { title: t("orders.source"), cell: ({ name, kind }) => `${name} · ${t(`orders.kind.${kind as "rest"}`)}` },
          { title: t("orders.state"), cell: ({ state }) => t(`orders.sourceState.${state}`) },
          { title: t("orders.lastAt"), cell: ({ lastAt }) => (lastAt === undefined ? "–" : clockText(lastAt, zone)) },
          {
            title: t("orders.writtenBack"),
            isNumber: true,
            cell: ({ confirmed, waiting }) => (waiting === 0 ? String(confirmed) : `${confirmed} + ${waiting}`),
          },
        ]}
        rows={sources}
        keyOf={({ name }) => name}
        empty={t("orders.noSources")}
      />
    </Card>
  );
}
