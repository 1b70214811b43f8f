import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { IconDownload, IconSearch, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ListedLine } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import { AlarmShape, durationText, inLanguage, stationTitle, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { FLOOD_COUNT } from "../model/alarm-findings.ts";
import { GROUPINGS, type AlarmChoice, type Grouping, type ListName, type StateList } from "./alarm-choice.ts";
import { SPANS, SPAN_NAMES, isShift, type SpanName } from "./occurrences/use-occurrences.ts";

const STATE_LISTS: readonly StateList[] = ["active", "returned", "shelved", "suppressed", "outOfService"];
/** Below it the lists have no room beside one another. */
const NARROW = "(max-width: 1100px)";
const PRIORITIES = [1, 2, 3, 4] as const;

interface AlarmToolsProps {
  readonly choice: AlarmChoice;
  readonly lines: readonly ListedLine[];
  /** Alarms of each list; those that returned are not active. */
  readonly counts: Readonly<Record<StateList, number>>;
  /** Raised in the last ten minutes. */
  readonly recent: number;
  readonly onChoose: (change: Partial<AlarmChoice>) => void;
  /** Undefined where there is nothing to save. */
  readonly onSave?: (() => void) | undefined;
}

/** Which list, narrowed to what; the rate of alarms, and whether it is a flood. */
export function AlarmTools({ choice, lines, counts, recent, onChoose, onSave }: AlarmToolsProps): ReactNode {
  const { t } = useWords();
  const { branch } = useStore(useStudio().address.store);
  const isFlood = recent > FLOOD_COUNT;
  // of a past that is not read nobody knows how many there are
  const isUnknown = useStore(useStudio().snapshot)?.alarmsUnknownBefore !== undefined;
  const shown = (count: number): string => (!isUnknown ? String(count) : count === 0 ? "?" : `${count}+`);
  return (
    <div className="dw-tools">
      <ListChoice
        list={choice.list}
        onChoose={(list) => onChoose({ list, sort: undefined })}
        data={[
          ...STATE_LISTS.map((list) => ({ value: list, label: `${t(`alarms.list.${list}`)} ${shown(counts[list])}` })),
          { value: "journal", label: t("alarms.journal") },
          ...(branch === LIVE ? [] : [{ value: "ahead", label: t("alarms.ahead.title") }]),
          { value: "rules", label: t("alarms.rules") },
        ]}
      />
      {choice.list !== "rules" && choice.list !== "ahead" && <PlaceChip {...{ choice, lines, onChoose }} />}
      {choice.list !== "rules" && choice.list !== "ahead" && <Filters {...{ choice, lines, onChoose }} />}
      <span className="dw-grow" />
      {onSave !== undefined && (
        <Button size="compact-sm" variant="default" leftSection={<IconDownload size={14} />} onClick={onSave}>
          CSV
        </Button>
      )}
      {(isFlood || !isUnknown) && (
        <small className={isFlood ? "dw-flood" : "dw-quiet-text"}>
          {isFlood ? t("alarms.flood", { count: recent }) : t("alarms.rate", { count: recent })}
        </small>
      )}
    </div>
  );
}

/** The lists, side by side or where there is no room one below the other. */
function ListChoice({
  list,
  data,
  onChoose,
}: {
  readonly list: ListName;
  readonly data: readonly { readonly value: string; readonly label: string }[];
  readonly onChoose: (list: ListName) => void;
}): ReactNode {
  const { t } = useWords();
  if (globalThis.matchMedia?.(NARROW).matches)
    return (
      <NativeSelect
        size="sm"
        className="dw-alarms-list"
        aria-label={t("alarms.list.name")}
        value={list}
        data={[...data]}
        onChange={({ currentTarget: { value } }) => onChoose(value as ListName)}
      />
    );
  return <SegmentedControl size="sm" value={list} onChange={(value) => onChoose(value as ListName)} data={[...data]} />;
}

/** What the lists are narrowed to, whoever narrowed them: a page that is opened from a line is of that line. A click shows all. */
function PlaceChip({ choice: { place }, lines, onChoose }: Pick<AlarmToolsProps, "choice" | "lines" | "onChoose">): ReactNode {
  const { t, language } = useWords();
  if (place === undefined) return null;
  const line = lines.find(({ id }) => place === `line:${id}`);
  const shown = line === undefined ? place : inLanguage(line.title, language);
  return (
    <Button
      size="compact-md"
      variant="light"
      className="dw-alarms-only"
      rightSection={<IconX size={14} aria-hidden />}
      aria-label={t("alarms.showAllPlaces", { place: shown })}
      title={t("alarms.showAllPlaces", { place: shown })}
      onClick={() => onChoose({ place: undefined })}
    >
      {t("alarms.only", { place: shown })}
    </Button>
  );
}

function Filters({ choice, lines, onChoose }: Pick<AlarmToolsProps, "choice" | "lines" | "onChoose">): ReactNode {
  const { t, language } = useWords();
  return (
    <>
      {choice.list === "journal" && (
        <SegmentedControl
          size="sm"
          className="dw-alarms-span"
          aria-label={t("alarms.span.name")}
          value={choice.span}
          data={SPAN_NAMES.map((span) => ({
            value: span,
            label: isShift(span) ? t(`alarms.span.${span}`) : durationText(SPANS[span], language),
          }))}
          onChange={(span) => onChoose({ span: span as SpanName })}
        />
      )}
      <PriorityChoice chosen={choice.priorities} onChoose={(priorities) => onChoose({ priorities })} />
      <PlaceChoice place={choice.place} lines={lines} onChoose={(place) => onChoose({ place })} />
      <GroupingChoice grouping={choice.grouping} onChoose={(grouping) => onChoose({ grouping })} />
      <TextInput
        size="sm"
        leftSection={<IconSearch size={14} />}
        placeholder={t("alarms.search")}
        value={choice.search}
        onChange={(event) => onChoose({ search: event.currentTarget.value })}
        aria-label={t("alarms.search")}
      />
    </>
  );
}

/** Priorities that are listed; none pressed: all. */
function PriorityChoice({
  chosen,
  onChoose,
}: {
  readonly chosen: readonly number[];
  readonly onChoose: (priorities: readonly number[]) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <span className="dw-alarms-priorities" role="group" aria-label={t("alarms.priority")}>
      {PRIORITIES.map((priority) => {
        const isChosen = chosen.includes(priority);
        return (
          <button
            key={priority}
            type="button"
            aria-pressed={isChosen}
            aria-label={t("alarms.priorityOf", { priority })}
            onClick={() => onChoose(isChosen ? chosen.filter((each) => each !== priority) : [...chosen, priority])}
          >
            <AlarmShape priority={priority} size={12} /> {priority}
          </button>
        );
      })}
    </span>
  );
}

/** What is folded under the first of it. */
function GroupingChoice({
  grouping,
  onChoose,
}: {
  readonly grouping: Grouping;
  readonly onChoose: (grouping: Grouping) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <NativeSelect
      size="sm"
      className="dw-alarms-place"
      aria-label={t("alarms.group.name")}
      title={t(`alarms.group.${grouping}Hint`)}
      value={grouping}
      data={GROUPINGS.map((value) => ({ value, label: t(`alarms.group.${value}`) }))}
      onChange={({ currentTarget: { value } }) => onChoose(value as Grouping)}
    />
  );
}

function PlaceChoice({
  place,
  lines,
  onChoose,
}: {
  readonly place: string | undefined;
  readonly lines: readonly ListedLine[];
  readonly onChoose: (place: string | undefined) => void;
}): ReactNode {
  const { t, language } = useWords();
  const data = [
    { value: "", label: t("alarms.allPlaces") },
    ...lines.map(({ id, title, stations }) => ({
      group: inLanguage(title, language),
      items: [
        { value: `line:${id}`, label: t("alarms.wholeLine", { line: inLanguage(title, language) }) },
        ...stations.map((station) => ({ value: station.id, label: stationTitle({ id: station.id, name: station.title }, language) })),
      ],
    })),
  ];
  return (
    <NativeSelect
      size="sm"
      className="dw-alarms-place"
      aria-label={t("alarms.ofPlace")}
      value={place ?? ""}
      data={data}
      onChange={({ currentTarget: { value } }) => onChoose(value === "" ? undefined : value)}
    />
  );
}
