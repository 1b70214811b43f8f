import { Select, SegmentedControl, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { linesOf, MINUTE, TabList, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type {} from "../../message-codes.ts";
import { MEDIA, type Medium } from "../../model/energy-units.ts";
import { choiceOf, dayNameOf, detailOf, spanOf, SPANS, TABS, type EnergyChoice, type EnergyTab } from "./energy-choice.ts";
import { LoadView } from "./load-view.tsx";
import { PerformanceView } from "./performance-view.tsx";
import { UseView } from "./use-view.tsx";
import { WhatIfView } from "./what-if-view.tsx";
import "./page.css";

/** What is asked of the server, and whether it moves with the present. */
export interface AskedOfEnergy {
  readonly branch: string;
  readonly line: string | undefined;
  readonly medium: Medium;
  readonly isMoving: boolean;
  spanNow(): { readonly from: number; readonly to: number };
}

/** Energy of a line or the plant over a shift, days or weeks, live, in the past and on a branch. */
export default function EnergyPage(): ReactNode {
  const studio = useStudio();
  const { branch, line, time } = useScope();
  const { t, zone } = useWords();
  const { detail } = useStore(studio.address.store);
  const shown = useStore(time.shown);
  const snapshot = useStore(studio.snapshot);
  const lines = useLoad(linesOf(branch));
  const choice = choiceOf(detail);
  const go = (next: Partial<EnergyChoice>): void => studio.address.amend({ detail: detailOf({ ...choice, ...next }) });
  const asked: AskedOfEnergy = {
    branch,
    line: choice.isPlant ? undefined : (line ?? lines.value?.[0]?.id),
    medium: choice.medium,
    isMoving: shown === undefined && typeof choice.span === "string",
    spanNow: () => spanOf(choice, Math.floor(time.instant() / MINUTE) * MINUTE, zone, snapshot?.shift),
  };
  // until lines are known nobody knows which one is meant
  const isKnown = choice.isPlant || line !== undefined || lines.kind !== "loading";
  return (
    <div className="dw-page dw-energy-page dw-report">
      <TabList
        label={t("energy.page.title")}
        tabs={TABS.map((name) => ({ name, title: t(`energy.tab.${name}`) }))}
        chosen={choice.tab}
        onChoose={(tab) => go({ tab: tab as EnergyTab })}
      />
      <Tools choice={choice} asked={asked} onGo={go} />
      {isKnown && choice.tab === "use" && <UseView asked={asked} />}
      {isKnown && choice.tab === "load" && <LoadView asked={asked} />}
      {choice.tab === "performance" && <PerformanceView asked={asked} />}
      {isKnown && choice.tab === "whatIf" && <WhatIfView asked={asked} />}
    </div>
  );
}

function Tools({
  choice,
  asked,
  onGo,
}: {
  readonly choice: EnergyChoice;
  readonly asked: AskedOfEnergy;
  readonly onGo: (next: Partial<EnergyChoice>) => void;
}): ReactNode {
  const { t, zone } = useWords();
  const { from, to } = asked.spanNow();
  const own = typeof choice.span === "string" ? { first: dayNameOf(from, zone), last: dayNameOf(to - 1, zone) } : choice.span;
  const chooseDays = (next: Partial<typeof own>): void => {
    const [first, last] = [next.first ?? own.first, next.last ?? own.last];
    if (first !== "" && last !== "") onGo({ span: first <= last ? { first, last } : { first: last, last: first } });
  };
  return (
    <div className="dw-energy-tools dw-screen-only">
      <SegmentedControl
        size="xs"
        aria-label={t("energy.page.scope")}
        data={["line", "plant"].map((value) => ({ value, label: t(`energy.scope.${value as "line" | "plant"}`) }))}
        value={choice.isPlant ? "plant" : "line"}
        onChange={(value) => onGo({ isPlant: value === "plant" })}
      />
      <SegmentedControl
        size="xs"
        aria-label={t("energy.page.span")}
        data={Object.keys(SPANS).map((value) => ({ value, label: t(`energy.span.${value as keyof typeof SPANS}`) }))}
        value={typeof choice.span === "string" ? choice.span : ""}
        onChange={(value) => onGo({ span: value as keyof typeof SPANS })}
      />
      <span className="dw-energy-days">
        <TextInput
          size="xs"
          type="date"
          aria-label={t("energy.page.first")}
          value={own.first}
          onChange={({ currentTarget: { value } }) => chooseDays({ first: value })}
        />
        –
        <TextInput
          size="xs"
          type="date"
          aria-label={t("energy.page.last")}
          value={own.last}
          onChange={({ currentTarget: { value } }) => chooseDays({ last: value })}
        />
      </span>
      {choice.tab === "use" && (
        <Select
          size="xs"
          w={150}
          aria-label={t("energy.page.medium")}
          data={MEDIA.map((value) => ({ value, label: t(`energy.medium.${value}`) }))}
          value={choice.medium}
          allowDeselect={false}
          onChange={(value) => value !== null && onGo({ medium: value as Medium })}
        />
      )}
    </div>
  );
}
