import type { ReactNode } from "react";
import { TabList, useMayAdminister, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";
import { FoldersView } from "./folders-view.tsx";
import { OwnView } from "./own-view.tsx";
import { RosterView } from "./roster-view.tsx";
import { RotationView } from "./rotation-view.tsx";
import { SkillsView } from "./skills-view.tsx";
import { WorkloadView } from "./workload-view.tsx";
import "./personnel.css";

const TABS = ["roster", "skills", "workload", "rotation", "own", "sources"] as const;
type Tab = (typeof TABS)[number];

/** Who works where and with which skills. */
export default function PersonnelPage(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  const mayAdminister = useMayAdminister() === true;
  const tabs = TABS.filter((tab) => tab !== "sources" || mayAdminister);
  const chosen: Tab = tabs.find((tab) => tab === detail) ?? "roster";
  return (
    <div className="dw-page dw-personnel">
      <TabList
        label={t("personnel.title")}
        tabs={tabs.map((name) => ({ name, title: t(`personnel.tab.${name}`) }))}
        chosen={chosen}
        onChoose={(name) => studio.address.amend({ detail: name === "roster" ? undefined : name })}
      />
      {chosen === "roster" && <RosterView />}
      {chosen === "skills" && <SkillsView />}
      {chosen === "workload" && <WorkloadView />}
      {chosen === "rotation" && <RotationView />}
      {chosen === "own" && <OwnView />}
      {chosen === "sources" && <FoldersView />}
    </div>
  );
}
