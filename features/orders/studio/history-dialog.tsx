import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { answerOf, DataTable, Dialog, momentText, useLoad, useScope, useWords, type Column } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownOrder, OrderVersion } from "../contract.ts";
import type {} from "../message-codes.ts";
import { unitText } from "./order-table.tsx";

/** What was said of an order, newest first, with what changed each time. */
export function HistoryDialog({
  order,
  onClose,
  onEdit,
}: {
  readonly order: KnownOrder;
  readonly onClose: () => void;
  readonly onEdit: () => void;
}): ReactNode {
  const { branch } = useScope();
  const { t, language, zone } = useWords();
  const { number, fields, source } = order;
  const loaded = useLoad(answerOf(calls.history, { params: { number }, query: { branch } }, { kinds: ["productionOrder"] }));
  const columns: readonly Column<OrderVersion>[] = [
    { title: t("orders.when"), cell: ({ at }) => momentText(at, zone, language) },
    { title: t("orders.by"), cell: ({ by }) => by },
    { title: t("orders.said"), cell: (version) => <Said version={version} /> },
  ];
  return (
    <Dialog opened onClose={onClose} title={t("orders.orderOf", { number, product: fields.product })} size={720} centered>
      <dl className="dw-facts">
        <dt>{t("orders.quantity")}</dt>
        <dd>
          {fields.quantity} {unitText(fields.unit, t)}
        </dd>
        <dt>{t("orders.customer")}</dt>
        <dd>{fields.customer ?? "–"}</dd>
        <dt>{t("orders.priority")}</dt>
        <dd>{fields.priority ?? "–"}</dd>
        <dt>{t("orders.source")}</dt>
        <dd>{source?.name ?? t("orders.entered")}</dd>
      </dl>
      <DataTable
        caption={t("orders.history")}
        columns={columns}
        rows={loaded.value ?? []}
        keyOf={({ revision }) => String(revision)}
        loaded={loaded}
      />
      <div className="dw-dialog-foot">
        <Button variant="default" onClick={onClose}>
          {t("frame.close")}
        </Button>
        <Button onClick={onEdit}>{t("orders.change")}</Button>
      </div>
    </Dialog>
  );
}

function Said({ version: { changed, fields, state } }: { readonly version: OrderVersion }): ReactNode {
  const { t, language, zone } = useWords();
  if (changed.length === 0) return t("orders.givenOut", { quantity: fields.quantity });
  const valueOf = (name: string): string => {
    const value = fields[name as keyof typeof fields];
    if (name === "state") return t.or(`orders.states.${state === "released" ? "waiting" : state}`, state);
    if (typeof value === "number" && (name === "plannedStart" || name === "plannedEnd" || name === "due"))
      return momentText(value, zone, language, false);
    if (value === undefined) return "–";
    return typeof value === "object" ? t("orders.changedList", { count: value.length }) : String(value);
  };
  return (
    <ul className="dw-order-changes">
      {changed.map((name) => (
        <li key={name}>
          {t.or(`orders.field.${name}`, name)}: <b>{valueOf(name)}</b>
        </li>
      ))}
    </ul>
  );
}
