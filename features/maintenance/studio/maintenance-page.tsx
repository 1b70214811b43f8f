import type { ReactNode } from "react";
import { TabList, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";
import { JobList } from "./job-list.tsx";
import { OrderBoard } from "./order-board.tsx";
import { PlanList } from "./plan-list.tsx";
import { ReliabilityView } from "./reliability-view.tsx";
import "./maintenance.css";

const TABS = ["orders", "plans", "reliability", "jobs"] as const;
type Tab = (typeof TABS)[number];

/** What has to be done to the machines, what is done of it, and what it is made of. */
export default function MaintenancePage(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  const chosen: Tab = TABS.find((tab) => tab === detail) ?? "orders";
  return (
    <div className="dw-page dw-maintenance">
      <TabList
        label={t("maintenance.title")}
        tabs={TABS.map((name) => ({ name, title: t(`maintenance.tab.${name}`) }))}
        chosen={chosen}
        onChoose={(name) => studio.address.amend({ detail: name === "orders" ? undefined : name })}
      />
      {chosen === "orders" && <OrderBoard opened={detail} />}
      {chosen === "plans" && <PlanList />}
      {chosen === "reliability" && <ReliabilityView />}
      {chosen === "jobs" && <JobList />}
    </div>
  );
}
