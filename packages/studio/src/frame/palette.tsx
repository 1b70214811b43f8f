import { Spotlight, createSpotlight, type SpotlightActionData } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import "@mantine/spotlight/styles.css";
import type { ListedLine } from "@doppelwerk/client";
import type { Branch } from "@doppelwerk/world";
import {
  anchorOf,
  formatPlace,
  inLanguage,
  Keys,
  linesOf,
  shell,
  titleOf,
  useListedParts,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/ui";
import type { ListedPart, Studio, Translate } from "@doppelwerk/ui";
import type { StudioAction } from "./actions.ts";

const [paletteStore, palette] = createSpotlight();

export function togglePalette(): void {
  palette.toggle();
}

/** `S090 Leak test`; a title that begins with the id is as it is. */
function named(id: string, title: string): string {
  return title.startsWith(id) ? title : `${id} ${title}`;
}

/** What features find for what was typed. */
function foundBy(studio: Studio, query: string, t: Translate): SpotlightActionData[] {
  return studio.views.of(shell.finder).flatMap((finder) => {
    const match = query.trim() === "" ? null : finder.data.asks.exec(query.trim());
    if (match === null) return [];
    const asked = match.groups?.["asked"] ?? "";
    return [
      {
        id: `found-${finder.id}`,
        label: `${t(finder.data.title)} ${asked}`.trim(),
        keywords: [query],
        onClick: () =>
          void finder.load().then(
            ({ default: open }) => open(studio, asked),
            (error: unknown) => studio.notifyFailure(error),
          ),
      },
    ];
  });
}

function branchesOf(studio: Studio, branches: readonly Branch[], t: Translate): SpotlightActionData[] {
  return branches
    .filter((branch) => branch.closed === undefined)
    .map((branch) => ({
      id: branch.id,
      label: branch.id === "live" ? t("frame.leaveBranch") : branch.name,
      onClick: () => studio.address.go({ branch: branch.id }),
    }));
}

/** The cards of the settings, by title and words; what has no title is not looked for. */
function settingsOf(studio: Studio, parts: readonly ListedPart[], t: Translate): SpotlightActionData[] {
  const { address } = studio;
  return parts.flatMap(({ view, cards }) =>
    cards.flatMap((card) => {
      const title = titleOf(card);
      if (title === undefined) return [];
      const { words } = card.data;
      return [
        {
          id: `setting-${card.id}`,
          label: t(title),
          description: t(view.data.title),
          keywords: words === undefined ? [] : [t(words)],
          onClick: () => {
            // also where the address names it already
            address.amend({ card: undefined });
            address.go({ view: "settings", detail: view.data.name, card: anchorOf(card) });
          },
        },
      ];
    }),
  );
}

/** Every action, every station of every line and its documents, and every branch, by name. */
export default function Palette({ actions }: { readonly actions: readonly StudioAction[] }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { branch } = useScope();
  const shown = useStore(studio.line);
  const lines = useLoad(linesOf(branch)).value ?? [];
  const stations = lines.flatMap((line) => line.stations.map((station) => ({ line, station })));
  // which line a station is of is said where there are several
  const ofLine = (line: ListedLine): { readonly description?: string } =>
    lines.length > 1 ? { description: inLanguage(line.title, language) } : {};
  const branches = useStore(studio.branches);
  const [query, setQuery] = useState("");
  const parts = useListedParts(query.trim() !== "") ?? [];
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
      actions: stations.map(({ line, station: { id, title } }) => ({
        id: `station-${line.id}-${id}`,
        label: named(id, inLanguage(title, language)),
        ...ofLine(line),
        keywords: [title.en, title.zh],
        onClick: () => studio.address.go({ subject: id, inspector: true, ...(line.id !== shown?.id && { line: line.id }) }),
      })),
    },
    {
      group: t("palette.documents"),
      actions: stations.map(({ line, station: { id, title, shell } }) => ({
        id: `documents-${line.id}-${id}`,
        label: t("palette.documentsOf", { station: named(id, inLanguage(title, language)) }),
        ...ofLine(line),
        keywords: [title.en, title.zh, shell, "AAS"],
        onClick: () => studio.address.go({ view: "assets", detail: formatPlace({ mode: "shells", shell }) }),
      })),
    },
    { group: t("palette.settings"), actions: query.trim() === "" ? [] : settingsOf(studio, parts, t) },
    { group: t("palette.branches"), actions: branchesOf(studio, branches, t) },
    // last: what is named so comes first
    { group: t("palette.found"), actions: foundBy(studio, query, t) },
  ];
  return (
    <Spotlight
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
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
