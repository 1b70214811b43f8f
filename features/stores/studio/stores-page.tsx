import type { ReactNode } from "react";
import { TabList, useMayAdminister, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";
import { NoticeView } from "./notice-view.tsx";
import { PartList } from "./part-list.tsx";
import { SourcesView } from "./sources-view.tsx";
import "./stores.css";

const TABS = ["parts", "notice", "sources"] as const;
type Tab = (typeof TABS)[number];

/** Spare parts with their stock, who is notified where it is low, and the programs that it comes from. */
export default function StoresPage(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  const mayAdminister = useMayAdminister() === true;
  const tabs = TABS.filter((tab) => tab !== "sources" || mayAdminister);
  const chosen: Tab = tabs.find((tab) => `tab:${tab}` === detail) ?? "parts";
  return (
    <div className="dw-page dw-stores">
      <TabList
        label={t("stores.title")}
        tabs={tabs.map((name) => ({ name, title: t(`stores.tab.${name}`) }))}
        chosen={chosen}
        onChoose={(name) => studio.address.amend({ detail: name === "parts" ? undefined : `tab:${name}` })}
      />
      {chosen === "parts" && <PartList opened={detail} />}
      {chosen === "notice" && <NoticeView />}
      {chosen === "sources" && <SourcesView />}
    </div>
  );
}
