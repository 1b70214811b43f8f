import type { ReactNode } from "react";
import { TabList, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";
import { Database } from "./database.tsx";
import { formatManagement, parseManagement, TABS, type ManagementTab } from "./management-address.ts";
import { PerformanceTab } from "./performance/performance-tab.tsx";
import { Philosophy } from "./philosophy.tsx";
import "./management.css";

/** How the alarms of a plant are managed: how well they serve, what was decided of each, and by which philosophy. */
export default function ManagementPage(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  const shown = parseManagement(detail);
  return (
    <div className="dw-page dw-management">
      <TabList
        label={t("alarmManagement.tabs")}
        tabs={TABS.map((name) => ({ name, title: t(`alarmManagement.tab.${name}`) }))}
        chosen={shown.tab}
        onChoose={(name) => studio.address.amend({ detail: formatManagement({ tab: name as ManagementTab, rest: [] }) })}
      />
      {shown.tab === "performance" && <PerformanceTab rest={shown.rest} />}
      {shown.tab === "database" && <Database rest={shown.rest} />}
      {shown.tab === "philosophy" && <Philosophy />}
    </div>
  );
}
