import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { IconDownload, IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ListedLine } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import { AlarmShape, inLanguage, stationTitle, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { AlarmChoice, ListName } from "./alarm-choice.ts";
import { SPANS, type SpanName } from "./occurrences/use-occurrences.ts";

/** Annunciations in ten minutes above which there is a flood (ISA-18.2, clause 16). */
const FLOOD_COUNT = 10;
const PRIORITIES = [1, 2, 3, 4] as const;

interface AlarmToolsProps {
  readonly choice: AlarmChoice;
  readonly lines: readonly ListedLine[];
  /** `recent`: raised in the last ten minutes. */
  readonly counts: { readonly active: number; readonly shelved: number; readonly recent: number };
  readonly onChoose: (change: Partial<AlarmChoice>) => void;
  /** Undefined where there is nothing to save. */
  readonly onSave?: (() => void) | undefined;
}

/** Which list, narrowed to what; the rate of alarms, and whether it is a flood. */
export function AlarmTools({ choice, lines, counts, onChoose, onSave }: AlarmToolsProps): ReactNode {
  const { t } = useWords();
  const { branch } = useStore(useStudio().address.store);
  const isFlood = counts.recent > FLOOD_COUNT;
  return (
    <div className="dw-tools">
      <SegmentedControl
        size="sm"
        value={choice.list}
        onChange={(value) => onChoose({ list: value as ListName, sort: undefined })}
        data={[
          { value: "active", label: `${t("alarms.active")} ${counts.active}` },
          { value: "shelved", label: `${t("alarms.suppressed")} ${counts.shelved}` },
          { value: "journal", label: t("alarms.journal") },
          ...(branch === LIVE ? [] : [{ value: "ahead", label: t("alarms.ahead.title") }]),
          { value: "rules", label: t("alarms.rules") },
        ]}
      />
      {choice.list !== "rules" && choice.list !== "ahead" && <Filters {...{ choice, lines, onChoose }} />}
      <span className="dw-grow" />
      {onSave !== undefined && (
        <Button size="compact-sm" variant="default" leftSection={<IconDownload size={14} />} onClick={onSave}>
          CSV
        </Button>
      )}
      <small className={isFlood ? "dw-flood" : "dw-quiet-text"}>
        {isFlood ? t("alarms.flood", { count: counts.recent }) : t("alarms.rate", { count: counts.recent })}
      </small>
    </div>
  );
}

function Filters({ choice, lines, onChoose }: Pick<AlarmToolsProps, "choice" | "lines" | "onChoose">): ReactNode {
  const { t } = useWords();
  return (
    <>
      {choice.list === "journal" && (
        <NativeSelect
          size="sm"
          aria-label={t("alarms.span.name")}
          value={choice.span}
          data={Object.keys(SPANS).map((span) => ({ value: span, label: t(`alarms.span.${span as SpanName}`) }))}
          onChange={({ currentTarget: { value } }) => onChoose({ span: value as SpanName })}
        />
      )}
      <PriorityChoice chosen={choice.priorities} onChoose={(priorities) => onChoose({ priorities })} />
      <PlaceChoice place={choice.place} lines={lines} onChoose={(place) => onChoose({ place })} />
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
