import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import type { ElementTab } from "@doppelwerk/kit/studio";

export interface DetailTab {
  readonly name: ElementTab;
  /** The word of its name when undefined. */
  readonly title?: string;
  readonly panel: ReactNode;
}

/** What is shown of a document, a panel at a time; only the panel that is open is there. */
export function DetailTabs({
  tabs,
  open = "value",
  onOpen,
}: {
  readonly tabs: readonly DetailTab[];
  /** The first tab where it is none of these. */
  readonly open: ElementTab | undefined;
  readonly onOpen: (tab: ElementTab) => void;
}): ReactNode {
  const { t } = useWords();
  const shown = tabs.some(({ name }) => name === open) ? open : tabs[0]!.name;
  return (
    <Tabs value={shown} onChange={(tab) => onOpen(tab as ElementTab)} keepMounted={false}>
      <Tabs.List>
        {tabs.map(({ name, title }) => (
          <Tabs.Tab key={name} value={name}>
            {title ?? t(`assets.explorer.tab.${name}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ name, panel }) => (
        <Tabs.Panel key={name} value={name}>
          {panel}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
