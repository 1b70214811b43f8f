import { MultiSelect, SegmentedControl, Select, type ComboboxItem, type ComboboxItemGroup } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import type { ModeProps } from "./analysis-view.tsx";
import { MAX_SOURCES, MODES, SPANS, type Mode, type SpanName } from "./choice.ts";
import { FilesMenu } from "./files-menu.tsx";
import { SavedMenu } from "./saved-menu.tsx";
import { useNaming, useOffered } from "./use-names.ts";

/** Which question, of what, over which time; saved ones, and files. */
export function AnalysisTools({ choice, sources, onChoose }: ModeProps): ReactNode {
  const { t } = useWords();
  const naming = useNaming();
  const offered = useOffered(naming);
  const known = new Set(offered.flatMap(({ items }) => items.map(({ value }) => value)));
  const gone = sources.filter((id) => !known.has(id)).map((value) => ({ value, label: naming.nameOf(value) }));
  const data = [
    ...offered.map(({ group, items }) => ({ group, items: [...items] })),
    ...(gone.length > 0 ? [{ group: t("trends.group.gone"), items: gone }] : []),
  ];
  const modes = MODES.map((value) => ({ value, label: t(`trends.mode.${value}`) }));
  return (
    <div className="dw-analysis-bar">
      {isNarrow() ? (
        <Select
          size="sm"
          aria-label={t("trends.mode.name")}
          value={choice.mode}
          allowDeselect={false}
          data={modes}
          onChange={(mode) => onChoose({ mode: mode as Mode })}
        />
      ) : (
        <SegmentedControl
          size="xs"
          aria-label={t("trends.mode.name")}
          value={choice.mode}
          onChange={(mode) => onChoose({ mode: mode as Mode })}
          data={modes}
        />
      )}
      <SegmentedControl
        size="xs"
        aria-label={t("trends.span")}
        value={choice.range === undefined ? choice.span : ""}
        onChange={(span) => onChoose({ span: span as SpanName, range: undefined })}
        data={Object.keys(SPANS).map((key) => ({ value: key, label: t.or(`trends.spans.${key}`, key) }))}
      />
      <span className="dw-grow" />
      <SavedMenu choice={choice} sources={sources} onChoose={onChoose} />
      <FilesMenu choice={choice} sources={sources} />
      {choice.mode !== "curves" && (
        <MultiSelect
          className="dw-analysis-sources"
          size="sm"
          aria-label={t("trends.sources")}
          placeholder={sources.length < MAX_SOURCES ? t("trends.addSource") : ""}
          value={[...sources]}
          maxValues={MAX_SOURCES}
          onChange={(chosen) => onChoose({ sources: chosen })}
          data={data}
          searchable
          filter={({ options, search, limit }) => matching(options as ComboboxItemGroup<ComboboxItem>[], search, limit)}
          nothingFoundMessage={t("trends.noMatch")}
          hidePickedOptions
          limit={100}
        />
      )}
    </div>
  );
}

/** Word by word, in any order. */
function matching(groups: readonly ComboboxItemGroup<ComboboxItem>[], search: string, limit: number): ComboboxItemGroup<ComboboxItem>[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  let left = limit;
  return groups.flatMap((group) => {
    const items = (group.items as ComboboxItem[])
      .filter(({ value, label }) => words.every((word) => `${label} ${value}`.toLowerCase().includes(word)))
      .slice(0, Math.max(0, left));
    left -= items.length;
    return items.length > 0 ? [{ ...group, items }] : [];
  });
}

const isNarrow = (): boolean => globalThis.matchMedia?.("(max-width: 700px)").matches ?? false;
