import type { ReactNode } from "react";
import { TabList, useMayAdminister, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";
import { CoverageView } from "./coverage-view.tsx";
import { FlowView } from "./flow-view.tsx";
import { OrderList } from "./order-list.tsx";
import { SourcesView } from "./sources-view.tsx";
import "./orders.css";

const TABS = ["orders", "flow", "coverage", "sources"] as const;
type Tab = (typeof TABS)[number];

/** Orders with plan against actual, what flows with them, what is collected at all, and where orders come from. */
export default function OrdersPage(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  const mayAdminister = useMayAdminister() === true;
  const tabs = TABS.filter((tab) => tab !== "sources" || mayAdminister);
  const chosen: Tab = tabs.find((tab) => tab === detail) ?? "orders";
  return (
    <div className="dw-page dw-orders">
      <TabList
        label={t("orders.title")}
        tabs={tabs.map((name) => ({ name, title: t(`orders.tab.${name}`) }))}
        chosen={chosen}
        onChoose={(name) => studio.address.amend({ detail: name === "orders" ? undefined : name })}
      />
      {chosen === "orders" && <OrderList number={detail} />}
      {chosen === "flow" && <FlowView />}
      {chosen === "coverage" && <CoverageView />}
      {chosen === "sources" && <SourcesView />}
    </div>
  );
}
