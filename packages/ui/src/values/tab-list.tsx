import { UnstyledButton } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";

export interface TabOfList {
  readonly name: string;
  readonly title: string;
}

/** Tabs (ARIA): one stop of the Tab key; arrows, Home and End choose. */
export function TabList({
  label,
  tabs,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly tabs: readonly TabOfList[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}): ReactNode {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const at = tabs.findIndex(({ name }) => name === chosen);
    const next = tabAfterKey(event.key, at, tabs.length);
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    onChoose(tabs[next]!.name);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return (
    <div className="dw-tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map(({ name, title }) => (
        <UnstyledButton
          key={name}
          role="tab"
          aria-selected={name === chosen}
          tabIndex={name === chosen ? 0 : -1}
          className={name === chosen ? "is-on" : ""}
          onClick={() => onChoose(name)}
        >
          {title}
        </UnstyledButton>
      ))}
    </div>
  );
}

function tabAfterKey(key: string, at: number, count: number): number | undefined {
  if (key === "ArrowRight") return (at + 1) % count;
  if (key === "ArrowLeft") return (at + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}
