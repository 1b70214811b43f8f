import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  Empty,
  Failure,
  inLanguage,
  NotReadAgain,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Instant } from "@doppelwerk/world";
import type { KnownOrder, ListedOrders } from "../contract.ts";
import type {} from "../message-codes.ts";
import { HistoryDialog } from "./history-dialog.tsx";
import { OrderDialog } from "./order-dialog.tsx";
import { OrderTable } from "./order-table.tsx";

const EVERY_MS = 5_000;
const KINDS = ["productionOrder", "materialDefinition"] as const;
const SPANS = [0, 1, 7, 30] as const;

/** Orders of the lines with plan against actual, at the instant shown. */
export function OrderList({ number: opened }: { readonly number: string | undefined }): ReactNode {
  const studio = useStudio();
  const { branch, time } = useScope();
  const { t } = useWords();
  const shown = useStore(time.shown);
  const at = shown === undefined ? undefined : Math.round(shown / 5_000_000) * 5_000_000;
  const [days, setDays] = useState(1);
  const [wanted, setWanted] = useState("");
  const [edited, setEdited] = useState<KnownOrder | "new" | undefined>(undefined);
  const loaded = useLoad(
    {
      key: ["GET /orders", branch, at, days],
      run: ({ client }, signal) => calls.list(client, { query: { branch, days, ...(at !== undefined && { t: at }) } }, { signal }),
      changedBy: { kinds: KINDS },
    },
    { everyMs: () => (at === undefined ? EVERY_MS : undefined) },
  );
  const answer = loaded.value;
  if (answer === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const found = answer.orders.filter((order) => isWanted(order, wanted));
  const chosen = opened === undefined ? undefined : answer.orders.find(({ number }) => number === opened);
  const astray = found.filter(({ line }) => line === undefined);
  return (
    <>
      <Head wanted={wanted} days={days} orders={answer.orders} onWanted={setWanted} onDays={setDays} onAdd={() => setEdited("new")} />
      <NotReadAgain loaded={loaded} />
      {answer.orders.length === 0 && <Empty title={t("orders.none")} text={t("orders.noneText")} />}
      {answer.lines.map((line) => (
        <LineOrders key={line.line} line={line} orders={found.filter((order) => order.line === line.line)} at={answer.at} />
      ))}
      {astray.length > 0 && (
        <Card title={t("orders.astray")} note={t("orders.astrayNote")}>
          <OrderTable caption={t("orders.astray")} orders={astray} at={answer.at} />
        </Card>
      )}
      {answer.more > 0 && <p className="dw-note">{t("orders.more", { more: answer.more })}</p>}
      {chosen !== undefined && (
        <HistoryDialog
          order={chosen}
          onClose={() => studio.address.amend({ detail: undefined })}
          onEdit={() => {
            setEdited(chosen);
            studio.address.amend({ detail: undefined });
          }}
        />
      )}
      {edited !== undefined && (
        <OrderDialog
          {...(edited !== "new" && { order: edited })}
          lines={answer.lines}
          onClose={() => setEdited(undefined)}
          onStored={loaded.reload}
        />
      )}
    </>
  );
}

/** Search, how far back, and what is open. */
function Head({
  wanted,
  days,
  orders,
  onWanted,
  onDays,
  onAdd,
}: {
  readonly wanted: string;
  readonly days: number;
  readonly orders: readonly KnownOrder[];
  readonly onWanted: (text: string) => void;
  readonly onDays: (days: number) => void;
  readonly onAdd: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <header className="dw-orders-head">
      <TextInput size="sm" label={t("orders.search")} value={wanted} onChange={({ currentTarget: { value } }) => onWanted(value)} />
      <NativeSelect
        size="sm"
        label={t("orders.over")}
        value={String(days)}
        data={SPANS.map((value) => ({ value: String(value), label: t("orders.overDays", { days: value }) }))}
        onChange={({ currentTarget: { value } }) => onDays(Number(value))}
      />
      <Button variant="default" onClick={onAdd}>
        {t("orders.add")}
      </Button>
      <span className="dw-grow" />
      <Totals orders={orders} />
    </header>
  );
}

/** Orders of one line, with its pace and what it made without one. */
function LineOrders({
  line,
  orders,
  at,
}: {
  readonly line: ListedOrders["lines"][number];
  readonly orders: readonly KnownOrder[];
  readonly at: Instant;
}): ReactNode {
  const { t, language } = useWords();
  if (orders.length === 0) return null;
  const title = inLanguage(line.title, language);
  const unordered = line.unordered.reduce((sum, { pieces }) => sum + pieces, 0);
  const pace =
    line.pace === undefined ? t(line.isCounted ? "orders.noPace" : "orders.notCounted") : t("orders.pace", { pace: Math.round(line.pace) });
  return (
    <Card
      title={
        <>
          {title}
          {line.isSimulated && <abbr className="dw-orders-sim">SIM</abbr>}
        </>
      }
      note={unordered > 0 ? `${pace} · ${t("orders.unordered", { pieces: unordered })}` : pace}
    >
      <OrderTable caption={title} orders={orders} at={at} />
    </Card>
  );
}

function isWanted({ number, fields: { product, customer = "" } }: KnownOrder, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return text === "" || [number, product, customer].some((each) => each.toLowerCase().includes(text));
}

/** How many are open, late, and of something that nobody makes. */
function Totals({ orders }: { readonly orders: readonly KnownOrder[] }): ReactNode {
  const { t } = useWords();
  const open = orders.filter(({ state }) => state === "waiting" || state === "running" || state === "held" || state === "forecast");
  const late = open.filter(({ findings }) => findings.includes("late")).length;
  const unknown = open.filter(({ findings }) => findings.includes("unknownProduct")).length;
  return (
    <p className="dw-orders-totals">
      <b>{t("orders.open", { count: open.length })}</b>
      {late > 0 && <span className="is-late">{t("orders.lateCount", { count: late })}</span>}
      {unknown > 0 && <span className="is-late">{t("orders.unknownCount", { count: unknown })}</span>}
    </p>
  );
}
