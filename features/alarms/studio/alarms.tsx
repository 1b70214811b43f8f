import { SegmentedControl, Switch, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { DAY } from "@doppelwerk/world";
import { Empty, Failure, useLoad, useScope, useStore, useStudio, useWords, whyNoAlarms } from "@doppelwerk/kit/studio";
import { history as transitions } from "../calls.ts";
import { AlarmTable } from "./alarm-table.tsx";
import { gravestFirst } from "./gravest-first.ts";
import { isAside, isStanding } from "./standing.ts";
import { toldTransitions } from "./told.ts";
import "./alarms.css";

const FLOOD_WITHIN = 600e6;
const FLOOD_COUNT = 10;

type Shelf = "standing" | "shelved" | "history";
type History = ReturnType<typeof useHistory>;

interface Choice {
  readonly shelf: Shelf;
  readonly search: string;
  /** With suppressions by design. */
  readonly everything: boolean;
}

/** Alarms after ISA-18.2: what stands at the instant shown, what is shelved and why, and every transition. */
export default function Alarms(): ReactNode {
  const snapshot = useStore(useStudio().snapshot);
  const [choice, setChoice] = useState<Choice>({ shelf: "standing", search: "", everything: false });
  const history = useHistory(choice.shelf === "history");
  const all = snapshot?.alarms ?? [];
  const shelved = all.filter(isAside);
  const standing = all.filter(isStanding);
  const transitionsShown = choice.everything ? (history.value ?? []) : toldTransitions(history.value ?? []);
  const list = { standing, shelved, history: transitionsShown }[choice.shelf];
  const needle = choice.search.trim().toLowerCase();
  const found = list.filter(({ station, title }) => `${station} ${title.en} ${title.zh}`.toLowerCase().includes(needle));
  const recent = standing.filter((alarm) => (snapshot?.instant ?? 0) - alarm.since < FLOOD_WITHIN).length;
  return (
    <div className="dw-page dw-alarms">
      <AlarmTools
        choice={choice}
        counts={{ standing: standing.length, shelved: shelved.length, recent }}
        onChoose={(change) => setChoice({ ...choice, ...change })}
      />
      <div className="dw-scroll dw-alarm-table">
        <AlarmList shelf={choice.shelf} alarms={choice.shelf === "history" ? found : found.toSorted(gravestFirst)} history={history} />
      </div>
    </div>
  );
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
          return transitions(studio.client, { query: { from: to - 7 * DAY, to } }, { signal });
        },
    [isAsked, shown === undefined ? "live" : Math.round(shown / 30e6)],
  );
}

function AlarmTools({
  choice: { shelf, search, everything },
  counts,
  onChoose,
}: {
  readonly choice: Choice;
  readonly counts: { readonly standing: number; readonly shelved: number; readonly recent: number };
  readonly onChoose: (change: Partial<Choice>) => void;
}): ReactNode {
  const { t } = useWords();
  const isFlood = counts.recent > FLOOD_COUNT;
  return (
    <div className="dw-tools">
      <SegmentedControl
        size="sm"
        value={shelf}
        onChange={(value) => onChoose({ shelf: value as Shelf })}
        data={[
          { value: "standing", label: `${t("alarms.standing")} ${counts.standing}` },
          { value: "shelved", label: `${t("alarms.aside")} ${counts.shelved}` },
          { value: "history", label: t("alarms.history") },
        ]}
      />
      <TextInput
        size="sm"
        leftSection={<IconSearch size={14} />}
        placeholder={t("alarms.search")}
        value={search}
        onChange={(event) => onChoose({ search: event.currentTarget.value })}
        aria-label={t("alarms.search")}
      />
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
  readonly shelf: Shelf;
  readonly alarms: Parameters<typeof AlarmTable>[0]["alarms"];
  readonly history: History;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const snapshot = useStore(studio.snapshot);
  const world = useStore(studio.world);
  if (shelf === "history" && history.kind === "failed") return <Failure message={history.message} onRetry={history.reload} />;
  if (alarms.length > 0) return <AlarmTable alarms={alarms} past={shelf === "history"} />;
  if (snapshot === undefined && world?.empty !== true) return null;
  return <Empty title={whyNoAlarms(snapshot, t) ?? t(`alarms.empty.${shelf}`)} text={t(`alarms.emptyText.${shelf}`)} />;
}
