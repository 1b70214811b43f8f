import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { AlarmShape, durationText, inLanguage, momentText, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { AlarmActions } from "../alarm-actions.tsx";
import { useAlarmDetails } from "../opened-details.ts";
import { isUnacknowledged, type TableRow } from "./grouped.ts";
import { endOf, type ListedOccurrence } from "./listed.ts";
import { acknowledgedText, isOverdue, lastedText, valueSentence, whenText, type Words } from "./occurrence-text.ts";
import { TimeBar, type BarSpan } from "./time-bar.tsx";

/** One occurrence on one row. */
export function OccurrenceRow({
  row,
  isFirstOut,
  isUnder,
  index,
  span,
  canAct,
  onOpen,
}: {
  readonly row: ListedOccurrence;
  readonly isFirstOut: boolean;
  /** It stands folded out under its first out. */
  readonly isUnder: boolean;
  readonly index: number;
  readonly span: BarSpan;
  readonly canAct: boolean;
  readonly onOpen: (row: ListedOccurrence) => void;
}): ReactNode {
  const { subject } = useScope();
  const { t, language, zone } = useWords();
  const now = useShownInstant();
  const words = { t, language, zone, now };
  const isBlinking = isUnacknowledged(row) && row.returned === undefined && row.alarm !== undefined;
  return (
    <tr className={classesOf(row, subject, isUnder)} aria-rowindex={index} onClick={() => onOpen(row)}>
      <td className="is-priority">
        <AlarmShape priority={row.priority} blinking={isBlinking} size={14} />
        <small className={`dw-p${row.priority}`}>{row.priority}</small>
      </td>
      <td className="is-raised" title={momentText(row.raised, zone, language)}>
        {whenText(row.raised, words, true)}
      </td>
      <td className="is-place">
        <UnstyledButton title={row.station}>
          {row.station}
          {row.place !== undefined && <small> {t("alarms.place", { place: row.place })}</small>}
        </UnstyledButton>
      </td>
      <TitleCell row={row} isFirstOut={isFirstOut} />
      <td className="is-time">
        <TimeBar row={row} span={span} />
      </td>
      <td className="is-duration is-number">
        <span>{row.alarm === undefined ? lastedText(row, words) : durationText((endOf(row) ?? now) - row.raised, language)}</span>
      </td>
      <AcknowledgedCell row={row} words={words} />
      <td className="is-acts" onClick={(event) => event.stopPropagation()}>
        {canAct && row.alarm !== undefined && row.isGone === undefined && <AlarmActions alarm={row.alarm} />}
      </td>
    </tr>
  );
}

/** What it is, which opens its details, and what was measured. */
function TitleCell({ row, isFirstOut }: { readonly row: ListedOccurrence; readonly isFirstOut: boolean }): ReactNode {
  const { t, language } = useWords();
  const openDetails = useAlarmDetails();
  const title = inLanguage(row.title, language);
  const measured = valueSentence(row, t);
  return (
    <td className="is-title" title={[title, measured].filter(Boolean).join(", ")}>
      <span>
        <UnstyledButton
          className="dw-alarm-opens"
          aria-haspopup="dialog"
          onClick={(event) => {
            event.stopPropagation();
            openDetails(row);
          }}
        >
          {title}
        </UnstyledButton>
        {measured !== undefined && <small> {measured}</small>}
        {isFirstOut && <span className="dw-badge dw-gap-left">{t("alarms.firstOut")}</span>}
        {row.follows !== undefined && <span className="dw-badge dw-gap-left">{t("alarms.follows")}</span>}
      </span>
    </td>
  );
}

/** Who acknowledged it or until when somebody has to; of an active one its state in words too, for who does not see bold and blinking. */
function AcknowledgedCell({ row, words }: { readonly row: ListedOccurrence; readonly words: Words }): ReactNode {
  const text = acknowledgedText(row, words);
  const state = words.t(`alarms.state.${row.state}`);
  return (
    <td
      className={`is-acknowledged ${isOverdue(row, words.now) ? "is-overdue" : ""}`}
      title={row.automatic === true ? words.t("alarms.acknowledgedAutomaticallyWhy") : row.suppressed === undefined ? row.reason : text}
    >
      <span>{text}</span>
      {row.alarm !== undefined && text !== state && <span className="dw-visually-hidden">{state}</span>}
    </td>
  );
}

function classesOf(row: ListedOccurrence, subject: string | undefined, isUnder: boolean): string {
  const isReturned = row.returned !== undefined;
  const classes = [
    "is-link dw-occurrence",
    row.station !== "" && row.station === subject && "is-selected",
    isUnacknowledged(row) && !isReturned && "is-fresh",
    (row.isGone || (isReturned && row.alarm !== undefined)) && "is-returned",
    isUnder && "is-under",
  ];
  return classes.filter(Boolean).join(" ");
}

/** The consequences of a first out, folded: how many, how many of them nobody acknowledged, and the most urgent priority among them. */
export function FoldRow({
  row: { count, unacknowledged, priority, isOpen },
  index,
  onToggle,
}: {
  readonly row: Extract<TableRow, { readonly kind: "fold" }>;
  readonly index: number;
  readonly onToggle: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <tr className="dw-occurrence dw-occurrence-fold" aria-rowindex={index}>
      <td className="is-priority">
        <AlarmShape priority={priority} size={10} />
        <small className={`dw-p${priority}`}>{priority}</small>
      </td>
      <td colSpan={7}>
        <UnstyledButton onClick={onToggle} aria-expanded={isOpen}>
          {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />} {t("alarms.fold.count", { count })}
          {unacknowledged > 0 && ` · ${t("alarms.fold.unacknowledged", { count: unacknowledged })}`}
        </UnstyledButton>
      </td>
    </tr>
  );
}

/** The instant shown; live it moves with the picture of the line. */
export function useShownInstant(): number {
  const studio = useStudio();
  return useStore(studio.snapshot)?.instant ?? studio.now();
}
