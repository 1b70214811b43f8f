import { IconBuildingFactory2, IconChevronDown } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import type { StationInfo } from "@doppelwerk/client";
import { stateLook, stationName, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";

/** The places above the stations and the stations, as a tree of one stop of the Tab key: arrows, Home, End and letters go from row to row, Enter selects. */
export function LineTree({
  path,
  stations,
  selected,
}: {
  readonly path: readonly string[];
  readonly stations: readonly StationInfo[];
  readonly selected: StationInfo | undefined;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const host = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | undefined>(undefined);
  const current = stations.find(({ id }) => id === active) ?? selected ?? stations[0];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = stations.findIndex(({ id }) => id === current?.id);
    const next = rowAfterKey(event.key, at, stations);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setActive(stations[next]!.id);
    host.current?.querySelectorAll<HTMLElement>("[data-station]")[next]?.focus();
  };
  return (
    <div ref={host} role="tree" data-own-keys aria-label={t("assets.view.assets")} onKeyDown={onKeyDown}>
      {path.map((step, depth) => (
        <div
          key={step}
          role="treeitem"
          aria-level={depth + 1}
          aria-expanded
          aria-selected={false}
          className="dw-tree-line is-parent"
          style={{ paddingLeft: 6 + depth * 14 }}
        >
          <IconChevronDown size={14} aria-hidden />
          {depth === 0 && <IconBuildingFactory2 size={16} aria-hidden />}
          <span title={step}>{step}</span>
        </div>
      ))}
      {stations.map((station) => (
        <StationRow
          key={station.id}
          station={station}
          depth={path.length}
          isSelected={station === selected}
          isStop={station.id === current?.id}
          onFocus={() => setActive(station.id)}
          onChoose={() => studio.address.go({ subject: station.id })}
        />
      ))}
    </div>
  );
}

function StationRow({
  station,
  depth,
  isSelected,
  isStop,
  onFocus,
  onChoose,
}: {
  readonly station: StationInfo;
  readonly depth: number;
  readonly isSelected: boolean;
  readonly isStop: boolean;
  readonly onFocus: () => void;
  readonly onChoose: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const snapshot = useStore(studio.snapshot);
  const look = stateLook(snapshot?.stations.find((candidate) => candidate.id === station.id)?.state ?? "unknown");
  return (
    <div
      role="treeitem"
      data-station
      tabIndex={isStop ? 0 : -1}
      aria-level={depth + 1}
      aria-selected={isSelected}
      className={`dw-tree-line is-station ${isSelected ? "is-on" : ""}`}
      style={{ paddingLeft: 6 + depth * 14 }}
      onFocus={onFocus}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onChoose();
      }}
    >
      <span className="dw-leaf" />
      <i className={`dw-chip is-${look}`} role="img" aria-label={t(`state.${look}`)} />
      <b>{station.id}</b>
      <span>{stationName(station, language)}</span>
    </div>
  );
}

function rowAfterKey(key: string, at: number, stations: readonly StationInfo[]): number | undefined {
  const last = stations.length - 1;
  switch (key) {
    case "ArrowDown":
      return Math.min(last, at + 1);
    case "ArrowUp":
      return Math.max(0, at - 1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return key.length === 1 && key !== " " ? rowOfLetter(key.toLowerCase(), at, stations) : undefined;
  }
}

/** The next row whose id or name begins with a letter. */
function rowOfLetter(letter: string, at: number, stations: readonly StationInfo[]): number | undefined {
  const begins = ({ id, name }: StationInfo): boolean => [id, name.en, name.zh].some((text) => text.toLowerCase().startsWith(letter));
  return [...stations.keys()].map((step) => (at + 1 + step) % stations.length).find((index) => begins(stations[index]!));
}
