import { NativeSelect, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ListedLine } from "@doppelwerk/client";
import type { AlarmItem } from "@doppelwerk/sync";
import { DAY, LIVE } from "@doppelwerk/world";
import { Empty, Failure, inLanguage, useLoad, useScope, useStore, useStudio, useWords, Waiting, whyNoAlarms } from "@doppelwerk/kit/studio";
import { newestTransitions } from "./newest-transitions.ts";
import { AlarmTable } from "./alarm-table.tsx";
import { AlarmsAhead } from "./alarms-ahead.tsx";
import { mostUrgentFirst } from "./most-urgent-first.ts";
import { Rules } from "./rules/rules.tsx";
import { alarmsOf, useAllAlarms, useLines } from "./use-lines.ts";
import { isSuppressed, isActive } from "./active-alarms.ts";
import { annunciatedTransitions } from "./annunciated.ts";
import "./alarms.css";

const FLOOD_WITHIN = 600e6;
const FLOOD_COUNT = 10;

type Shelf = "active" | "shelved" | "history" | "ahead" | "rules";
type History = ReturnType<typeof useHistory>;

interface Choice {
  readonly shelf: Shelf;
  readonly search: string;
  /** Id of the line whose alarms are listed; undefined: of the whole world. */
  readonly line?: string | undefined;
  /** With suppressions by design. */
  readonly everything: boolean;
}

/** Alarms after ISA-18.2: what stands at the instant shown, what is shelved and why, every transition, and the rules. */
export default function Alarms(): ReactNode {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const { detail, branch } = useStore(studio.address.store);
  const [held, setChoice] = useState<Choice>({ shelf: "active", search: "", everything: false });
  const entered = held.shelf === "ahead" && branch === LIVE ? { ...held, shelf: "active" as const } : held;
  const choice: Choice = detail?.split("/")[0] === "rules" ? { ...entered, shelf: "rules" } : entered;
  const history = useHistory(choice.shelf === "history");
  const lines = useLines();
  const ofLine = (alarms: readonly AlarmItem[]) => alarmsOf(alarms, lines, choice.line);
  const all = ofLine(useAllAlarms() ?? []);
  const shelved = all.filter(isSuppressed);
  const active = all.filter(isActive);
  const recent = active.filter((alarm) => (snapshot?.instant ?? 0) - alarm.since < FLOOD_WITHIN).length;
  const choose = ({ shelf, ...change }: Partial<Choice>): void => {
    if (shelf !== undefined) studio.address.amend({ detail: shelf === "rules" ? "rules" : undefined });
    setChoice({ ...held, ...change, ...(shelf === undefined || shelf === "rules" ? {} : { shelf }) });
  };
  return (
    <div className="dw-page dw-alarms">
      <AlarmTools choice={choice} lines={lines} counts={{ active: active.length, shelved: shelved.length, recent }} onChoose={choose} />
      <div className="dw-scroll dw-alarm-table">
        {choice.shelf === "rules" ? (
          <Rules open={detail?.split("/").slice(1).join("/") || undefined} />
        ) : choice.shelf === "ahead" ? (
          <AlarmsAhead />
        ) : (
          <AlarmList
            shelf={choice.shelf}
            alarms={found(choice, { active, shelved, history: ofLine(history.value ?? []) })}
            history={history}
          />
        )}
      </div>
    </div>
  );
}

function found(
  { shelf, search, everything }: Choice,
  lists: Readonly<Record<"active" | "shelved" | "history", readonly AlarmItem[]>>,
): readonly AlarmItem[] {
  if (shelf === "rules" || shelf === "ahead") return [];
  const list = shelf === "history" && !everything ? annunciatedTransitions(lists.history) : lists[shelf];
  const needle = search.trim().toLowerCase();
  const hits = list.filter(({ station, title }) => `${station} ${title.en} ${title.zh}`.toLowerCase().includes(needle));
  return shelf === "history" ? hits : hits.toSorted(mostUrgentFirst);
}

function useHistory(isAsked: boolean) {
  const studio = useStudio();
  const { time } = useScope();
  const shown = useStore(time.shown);
  return useLoad(
    !isAsked
      ? undefined
      : (signal) => {
          const to = time.instant();
          return newestTransitions(studio.client, { from: to - 7 * DAY, to }, signal);
        },
    [isAsked, shown === undefined ? "live" : Math.round(shown / 30e6)],
  );
}

function AlarmTools({
  choice: { shelf, search, everything, line },
  lines,
  counts,
  onChoose,
}: {
  readonly choice: Choice;
  readonly lines: readonly ListedLine[];
  readonly counts: { readonly active: number; readonly shelved: number; readonly recent: number };
  readonly onChoose: (change: Partial<Choice>) => void;
}): ReactNode {
  const { t, language } = useWords();
  const { branch } = useStore(useStudio().address.store);
  const isFlood = counts.recent > FLOOD_COUNT;
  return (
    <div className="dw-tools">
      <SegmentedControl
        size="sm"
        value={shelf}
        onChange={(value) => onChoose({ shelf: value as Shelf })}
        data={[
          { value: "active", label: `${t("alarms.active")} ${counts.active}` },
          { value: "shelved", label: `${t("alarms.suppressed")} ${counts.shelved}` },
          { value: "history", label: t("alarms.history") },
          ...(branch === LIVE ? [] : [{ value: "ahead", label: t("alarms.ahead.title") }]),
          { value: "rules", label: t("alarms.rules") },
        ]}
      />
      {shelf !== "rules" && shelf !== "ahead" && (
        <TextInput
          size="sm"
          leftSection={<IconSearch size={14} />}
          placeholder={t("alarms.search")}
          value={search}
          onChange={(event) => onChoose({ search: event.currentTarget.value })}
          aria-label={t("alarms.search")}
        />
      )}
      {shelf !== "rules" && shelf !== "ahead" && lines.length > 1 && (
        <NativeSelect
          size="sm"
          aria-label={t("alarms.ofLine")}
          value={line ?? ""}
          data={[
            { value: "", label: t("alarms.allLines") },
            ...lines.map(({ id, title }) => ({ value: id, label: inLanguage(title, language) })),
          ]}
          onChange={({ currentTarget: { value } }) => onChoose({ line: value === "" ? undefined : value })}
        />
      )}
      {shelf === "history" && (
        <Switch
          size="sm"
          label={t("alarms.withSuppressed")}
          checked={everything}
          onChange={(event) => onChoose({ everything: event.currentTarget.checked })}
        />
      )}
      <span className="dw-grow" />
      <small className={isFlood ? "dw-flood" : "dw-quiet-text"}>
        {isFlood ? t("alarms.flood", { count: counts.recent }) : t("alarms.rate", { count: counts.recent })}
      </small>
    </div>
  );
}

function AlarmList({
  shelf,
  alarms,
  history,
}: {
  readonly shelf: Exclude<Shelf, "rules" | "ahead">;
  readonly alarms: readonly AlarmItem[];
  readonly history: History;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const snapshot = useStore(studio.snapshot);
  const world = useStore(studio.world);
  if (shelf === "history" && history.kind === "failed") return <Failure message={history.message} onRetry={history.reload} />;
  if (shelf === "history" && history.kind === "loading") return <Waiting />;
  if (alarms.length > 0) return <AlarmTable alarms={alarms} past={shelf === "history"} />;
  if (snapshot === undefined && world?.empty !== true) return null;
  return <Empty title={whyNoAlarms(snapshot, t) ?? t(`alarms.empty.${shelf}`)} text={t(`alarms.emptyText.${shelf}`)} />;
}
