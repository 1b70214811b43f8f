import type { ReactNode } from "react";
import { DataTable, durationText, momentText, useStudio, useWords, type Column } from "@doppelwerk/kit/studio";
import type { Instant } from "@doppelwerk/world";
import type { KnownOrder } from "../contract.ts";
import type {} from "../message-codes.ts";

/** Orders of a line in their sequence: plan, actual, and what deserves attention. */
export function OrderTable({
  caption,
  orders,
  at,
}: {
  readonly caption: string;
  readonly orders: readonly KnownOrder[];
  readonly at: Instant;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const columns: readonly Column<KnownOrder>[] = [
    {
      title: t("orders.number"),
      className: "dw-order-number",
      cell: ({ number, fields: { product } }) => (
        <span>
          <b>{number}</b> <span className="dw-quiet-text">{product}</span>
        </span>
      ),
      hint: ({ fields: { customer } }) => customer,
      sortBy: ({ number }) => number,
    },
    { title: t("orders.state"), className: "dw-order-state", cell: (order) => <State order={order} />, sortBy: ({ state }) => state },
    { title: t("orders.progress"), className: "dw-order-progress", cell: (order) => <Progress order={order} />, sortBy: shareOf },
    {
      title: t("orders.planned"),
      className: "dw-order-time",
      cell: ({ fields: { plannedStart, plannedEnd } }) => <Span from={plannedStart} to={plannedEnd} />,
      sortBy: ({ fields: { plannedStart } }) => plannedStart,
    },
    {
      title: t("orders.actual"),
      className: "dw-order-time",
      cell: ({ made, expectedEnd, state }) => (
        <Span from={made?.startedAt} to={isOver(state) ? made?.lastAt : expectedEnd} isExpected={!isOver(state)} />
      ),
      sortBy: ({ made }) => made?.startedAt,
    },
    {
      title: t("orders.due"),
      className: "dw-order-time",
      cell: (order) => <Due order={order} at={at} />,
      sortBy: ({ fields: { due } }) => due,
    },
  ];
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={asDispatched(orders)}
      keyOf={({ number }) => number}
      rowClass={({ state }) => (state === "running" ? "is-running" : isOver(state) ? "is-over" : undefined)}
      onChoose={({ number }) => studio.address.amend({ detail: number })}
    />
  );
}

const OVER: ReadonlySet<KnownOrder["state"]> = new Set(["completed", "closed", "cancelled", "aborted"]);
const isOver = (state: KnownOrder["state"]): boolean => OVER.has(state);
const shareOf = ({ made, fields: { quantity } }: KnownOrder): number | undefined => made && made.good / quantity;

/** What runs, then what is next, then what nobody here makes, then what is over, the newest first. */
function asDispatched(orders: readonly KnownOrder[]): readonly KnownOrder[] {
  const groupOf = ({ state, findings }: KnownOrder): number =>
    isOver(state) ? 3 : state === "running" ? 0 : findings.includes("unknownProduct") ? 2 : 1;
  const grouped = [0, 1, 2, 3].map((group) => orders.filter((order) => groupOf(order) === group));
  return [...grouped.slice(0, 3).flat(), ...grouped[3]!.toReversed()];
}

function State({ order: { state, findings } }: { readonly order: KnownOrder }): ReactNode {
  const { t } = useWords();
  const shown = findings.filter((finding) => finding !== "late" && finding !== "behind" && finding !== "notCounted");
  return (
    <>
      <span className={`dw-order-mark is-${state}`}>{t(`orders.states.${state}`)}</span>
      {shown.map((finding) => (
        <small key={finding} className={finding === "corrected" ? "dw-quiet-text" : "dw-order-finding"}>
          {t(`orders.findings.${finding}`)}
        </small>
      ))}
    </>
  );
}

function Progress({
  order: {
    made,
    fields: { quantity, unit },
  },
}: {
  readonly order: KnownOrder;
}): ReactNode {
  const { t } = useWords();
  if (made === undefined) return <span className="dw-quiet-text">{t("orders.ofUnknown", { quantity, unit: unitText(unit, t) })}</span>;
  const percent = (count: number): string => `${Math.min(100, (100 * count) / quantity)}%`;
  return (
    <div className="dw-order-made">
      <span className="dw-order-bar" aria-hidden>
        <i className="is-begun" style={{ width: percent(Math.max(made.begun ?? 0, made.good)) }} />
        <i style={{ width: percent(made.good) }} />
      </span>
      <span>{t("orders.of", { good: made.good, quantity, unit: unitText(unit, t) })}</span>
      {made.missing !== undefined && made.missing > 0 && (
        <small className="dw-quiet-text">{t("orders.missing", { count: made.missing })}</small>
      )}
    </div>
  );
}

type Translate = ReturnType<typeof useWords>["t"];

/** Codes of UN/ECE Recommendation 20 that people do not read. */
export function unitText(unit: string, t: Translate): string {
  return unit === "PCE" || unit === "EA" || unit === "C62" ? t("orders.pieces") : unit;
}

function Span({
  from,
  to,
  isExpected = false,
}: {
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  readonly isExpected?: boolean;
}): ReactNode {
  const { t, language, zone } = useWords();
  if (from === undefined && to === undefined) return <span className="dw-quiet-text">–</span>;
  const textOf = (instant: Instant | undefined): string => (instant === undefined ? "…" : momentText(instant, zone, language, false));
  return (
    <span className="dw-order-span">
      <span>{textOf(from)}</span>
      <span className={isExpected ? "is-expected" : undefined}>
        {to !== undefined && isExpected ? t("orders.expected", { at: textOf(to) }) : textOf(to)}
      </span>
    </span>
  );
}

function Due({
  order: {
    fields: { due },
    findings,
    expectedEnd,
    state,
  },
  at,
}: {
  readonly order: KnownOrder;
  readonly at: Instant;
}): ReactNode {
  const { t, language, zone } = useWords();
  if (due === undefined) return <span className="dw-quiet-text">–</span>;
  const isLate = findings.includes("late");
  const willBe = !isLate && !isOver(state) && expectedEnd !== undefined && expectedEnd > due;
  return (
    <span className="dw-order-span">
      <span>{momentText(due, zone, language, false)}</span>
      {isLate && !isOver(state) && <b className="dw-order-finding">{t("orders.lateBy", { by: durationText(at - due, language) })}</b>}
      {isLate && isOver(state) && <b className="dw-order-finding">{t("orders.wasLate")}</b>}
      {willBe && <b className="dw-order-finding">{t("orders.willBeLate", { by: durationText(expectedEnd - due, language) })}</b>}
    </span>
  );
}
