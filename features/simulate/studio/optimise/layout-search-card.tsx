import { NumberInput, SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { Card, useWords } from "@doppelwerk/kit/studio";
import { SearchBar } from "./search-bar.tsx";
import type { LayoutDraft, LayoutState } from "./use-layout.ts";

/** What a search of a layout has to keep to, and the search. */
export function LayoutSearchCard({ layout }: { readonly layout: LayoutState }): ReactNode {
  const { t } = useWords();
  const { loaded, draft, set, problem, search, startSearch } = layout;
  return (
    <Card
      title={t("simulate.optimise.layout.title")}
      note={
        loaded.value === undefined
          ? ""
          : t("simulate.optimise.layout.note", { source: t(`simulate.optimise.layout.${loaded.value.source}`) })
      }
    >
      <div className="dw-search-prices">
        <NumberInput
          size="xs"
          label={t("simulate.optimise.layout.clearance")}
          value={draft.clearance}
          min={0}
          max={20}
          step={0.1}
          decimalScale={2}
          onChange={(value) => value !== "" && set({ clearance: Number(value) })}
        />
        <NumberInput
          size="xs"
          label={t("simulate.optimise.layout.moveCost")}
          value={draft.moveCost}
          min={0}
          onChange={(value) => value !== "" && set({ moveCost: Number(value) })}
        />
        <p className="dw-fine">{t("simulate.optimise.layout.moveCostText")}</p>
      </div>
      <SegmentedControl
        size="xs"
        fullWidth
        className="dw-layout-onto"
        aria-label={t("simulate.optimise.layout.onto")}
        value={draft.onto}
        onChange={(onto) => set({ onto: onto as LayoutDraft["onto"] })}
        data={(["floor", "places"] as const).map((which) => ({
          value: which,
          label: t(`simulate.optimise.layout.ontoWhich.${which}`),
        }))}
      />
      <p className="dw-fine">{t(`simulate.optimise.layout.ontoText.${draft.onto}`)}</p>
      <div className="dw-solve-course">
        <SearchBar
          state={search.state}
          isRunning={search.isRunning}
          disabled={problem === undefined}
          onStart={startSearch}
          onStop={search.stop}
        />
      </div>
    </Card>
  );
}
