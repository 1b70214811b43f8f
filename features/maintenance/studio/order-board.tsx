import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Empty, Failure, Heading, inLanguage, NotReadAgain, useStudio, useWords, Waiting } from "@doppelwerk/kit/studio";
import type { WorkOrder } from "../contract.ts";
import type {} from "../message-codes.ts";
import { OrderCard } from "./order-card.tsx";
import { OrderDetails } from "./order-details.tsx";
import { OpenDialog } from "./open-dialog.tsx";
import { useOrders } from "./use-orders.ts";

const COLUMNS = [
  { name: "toDo", states: ["open", "planned"] },
  { name: "started", states: ["started"] },
  { name: "finished", states: ["finished"] },
] as const;

/** Work orders in three columns, the most urgent first: to do, under way, to be signed off. */
export function OrderBoard({ opened }: { readonly opened: string | undefined }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { loaded, branch, isPast } = useOrders();
  const [station, setStation] = useState("");
  const [isOpening, setOpening] = useState(false);
  const answer = loaded.value;
  if (answer === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const isWanted = (order: WorkOrder): boolean => station === "" || order.station === station;
  const open = answer.open.filter(isWanted);
  const chosen = [...answer.open, ...answer.ended].find(({ id }) => id === opened);
  return (
    <>
      <Head
        stations={answer.stations}
        station={station}
        onStation={setStation}
        open={open}
        onOpen={isPast ? undefined : () => setOpening(true)}
      />
      <NotReadAgain loaded={loaded} />
      {answer.open.length === 0 ? (
        <Empty title={t("maintenance.none")} text={t("maintenance.noneText")} />
      ) : (
        <div className="dw-maintenance-board">
          {COLUMNS.map(({ name, states }) => (
            <Column
              key={name}
              title={t(`maintenance.column.${name}`)}
              orders={open.filter(({ state }) => states.some((each) => each === state))}
            />
          ))}
        </div>
      )}
      <Ended orders={answer.ended.filter(isWanted)} />
      {chosen !== undefined && (
        <OrderDetails
          key={chosen.id}
          order={chosen}
          people={answer.people}
          branch={branch}
          isPast={isPast}
          onChanged={loaded.reload}
          onClose={() => studio.address.amend({ detail: undefined })}
        />
      )}
      {isOpening && <OpenDialog stations={answer.stations} branch={branch} onClose={() => setOpening(false)} onOpened={loaded.reload} />}
    </>
  );
}

function Head({
  stations,
  station,
  onStation,
  open,
  onOpen,
}: {
  readonly stations: readonly { readonly station: string; readonly title: { readonly en: string; readonly zh: string } }[];
  readonly station: string;
  readonly onStation: (station: string) => void;
  readonly open: readonly WorkOrder[];
  readonly onOpen: (() => void) | undefined;
}): ReactNode {
  const { t, language } = useWords();
  const late = open.filter(({ isLate }) => isLate).length;
  return (
    <header className="dw-maintenance-head">
      <NativeSelect
        size="sm"
        label={t("maintenance.station")}
        value={station}
        data={[
          { value: "", label: t("maintenance.allStations") },
          ...stations.map((each) => ({ value: each.station, label: inLanguage(each.title, language) })),
        ]}
        onChange={({ currentTarget: { value } }) => onStation(value)}
      />
      {onOpen !== undefined && (
        <Button onClick={onOpen} disabled={stations.length === 0}>
          {t("maintenance.open")}
        </Button>
      )}
      <span className="dw-grow" />
      <p className="dw-maintenance-totals">
        <b>{t("maintenance.count", { count: open.length })}</b>
        {late > 0 && <span className="is-late">{t("maintenance.late", { count: late })}</span>}
      </p>
    </header>
  );
}

function Column({ title, orders }: { readonly title: string; readonly orders: readonly WorkOrder[] }): ReactNode {
  const { t } = useWords();
  return (
    <section className="dw-maintenance-column" aria-label={title}>
      <Heading>
        {title} <small>{orders.length}</small>
      </Heading>
      {orders.length === 0 ? (
        <p className="dw-quiet-text">{t("maintenance.columnEmpty")}</p>
      ) : (
        <ul>
          {orders.map((order) => (
            <li key={order.id}>
              <OrderCard order={order} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Ended({ orders }: { readonly orders: readonly WorkOrder[] }): ReactNode {
  const { t } = useWords();
  if (orders.length === 0) return null;
  return (
    <details className="dw-maintenance-ended">
      <summary>{t("maintenance.ended", { count: orders.length })}</summary>
      <ul>
        {orders.map((order) => (
          <li key={order.id}>
            <OrderCard order={order} />
          </li>
        ))}
      </ul>
    </details>
  );
}
