import { lazy, Suspense, type ReactNode } from "react";
import { TabList, useStudio, useWords, Waiting } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";
import { StationChoice } from "./station-choice.tsx";

const PARTS = {
  stations: StationChoice,
  instructions: lazy(() => import("./set-up/instruction-list.tsx")),
  defects: lazy(() => import("./set-up/defect-list.tsx")),
  life: lazy(() => import("./set-up/life-list.tsx")),
  labels: lazy(() => import("./set-up/label-form.tsx")),
  badges: lazy(() => import("./set-up/badge-list.tsx")),
};
type Part = keyof typeof PARTS;
const NAMES = Object.keys(PARTS) as Part[];

/** Which station this device is at, and what terminals work with. */
export function SetUp({ part }: { readonly part: string | undefined }): ReactNode {
  const { t } = useWords();
  const studio = useStudio();
  const chosen = NAMES.find((name) => name === part) ?? "stations";
  const Shown = PARTS[chosen];
  return (
    <div className="dw-page dw-ts-choice">
      <TabList
        label={t("stationTerminal.title")}
        tabs={NAMES.map((name) => ({ name, title: t(`stationTerminal.part.${name}`) }))}
        chosen={chosen}
        onChoose={(name) => studio.address.go({ detail: name === "stations" ? undefined : name })}
      />
      <Suspense fallback={<Waiting />}>
        <Shown />
      </Suspense>
    </div>
  );
}
