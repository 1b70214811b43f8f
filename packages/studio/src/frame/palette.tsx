import { Spotlight, createSpotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import "@mantine/spotlight/styles.css";
import { Keys, stationName, useStore, useStudio, useWords } from "@doppelwerk/ui";
import type { StudioAction } from "./actions.ts";

const [paletteStore, palette] = createSpotlight();

export function togglePalette(): void {
  palette.toggle();
}

/** Every action, every station, every branch and signal, by name. */
export default function Palette({ actions }: { readonly actions: readonly StudioAction[] }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const line = useStore(studio.line);
  const branches = useStore(studio.branches);
  const groups = [
    {
      group: t("palette.do"),
      actions: actions.map((action) => ({
        id: action.id,
        label: t(action.label),
        onClick: action.run,
        rightSection: action.keys === "" ? undefined : <Keys keys={action.keys} />,
      })),
    },
    {
      group: t("palette.stations"),
      actions: (line?.stations ?? []).map((station) => ({
        id: `station-${station.id}`,
        label: `${station.id} ${stationName(station, language)}`,
        keywords: [station.name.en, station.name.zh],
        onClick: () => studio.address.go({ subject: station.id, inspector: true }),
      })),
    },
    {
      group: t("palette.branches"),
      actions: branches
        .filter((branch) => branch.closed === undefined)
        .map((branch) => ({
          id: branch.id,
          label: branch.id === "live" ? t("frame.leaveBranch") : branch.name,
          onClick: () => studio.address.go({ branch: branch.id }),
        })),
    },
  ];
  return (
    <Spotlight
      store={paletteStore}
      actions={groups}
      shortcut={null}
      highlightQuery
      scrollable
      maxHeight={440}
      limit={40}
      attributes={{ content: { "aria-label": t("frame.search") } }}
      nothingFound={t("palette.nothing")}
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: t("frame.search") }}
    />
  );
}
