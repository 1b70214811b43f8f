import { Button, Select } from "@mantine/core";
import { IconWand } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { DAY } from "@doppelwerk/world";
import { Card, DataTable, numberText, useScope, useSignal, useStore, useStudio, useWords, withUnit } from "@doppelwerk/kit/studio";
import type { Column, Studio, TrendNotesProps } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import { ASKED_PERCENTS, candidatesOf, draftOfCandidate, triedRule, type LimitCandidate } from "./limit-candidates.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { DrawnLimits } from "./drawn-limits.tsx";
import { stationOfSignal } from "./station-of-signal.ts";
import { useAttempt } from "./use-attempt.ts";
import { useNaming } from "./use-naming.ts";

const DAYS = 7;
/** Buckets that the quantiles of the stretch are taken over. */
const POINTS = 24;

interface TriedCandidate extends LimitCandidate {
  /** How often it would have been raised in the stretch, and in the last days. */
  readonly inStretch: number;
  readonly inDays: number;
}

interface Candidates {
  readonly signal: string;
  readonly candidates: readonly TriedCandidate[];
}

/** Alarm limits that the stretch shown suggests, when it was one of good operation: each with how often it would have been raised. */
export default function CandidatesOfTrend({ from, to, signals, drawn }: TrendNotesProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const naming = useNaming();
  // what the signals are may be known later than they are shown
  useSignal(signals[0]);
  const numeric = signals.filter(
    (id) => studio.signals.entry(id)?.valueType === "double" || studio.signals.entry(id)?.valueType === "integer",
  );
  const [chosen, setChosen] = useState<string>();
  const [used, setUsed] = useState<LimitCandidate>();
  const signal = chosen !== undefined && numeric.includes(chosen) ? chosen : numeric[0];
  const { state, start } = useCandidates(signal, { from: Math.floor(from), to: Math.ceil(to) });
  if (signal === undefined) return null;
  const station = stationOfSignal(studio, signal);
  return (
    <Card title={t("alarms.candidates.title")} note={t("alarms.candidates.note")}>
      <DrawnLimits from={from} to={to} drawn={drawn} />
      <div className="dw-rule-row">
        {numeric.length > 1 && (
          <Select
            size="xs"
            aria-label={t("alarms.candidates.signal")}
            value={signal}
            allowDeselect={false}
            onChange={(value) => setChosen(value ?? undefined)}
            data={numeric.map((id) => ({ value: id, label: naming.signal(id) }))}
          />
        )}
        <Button size="xs" variant="default" leftSection={<IconWand size={14} />} loading={state?.kind === "asking"} onClick={start}>
          {t("alarms.candidates.start")}
        </Button>
      </div>
      <div role="status">
        {state?.kind === "failed" && <p className="dw-note">{state.message}</p>}
        {state?.kind === "done" && state.signal === signal && <CandidateTable state={state} onUse={setUsed} />}
      </div>
      {used !== undefined && (
        <RuleEditor
          rule={undefined}
          isNew
          start={draftOfCandidate(used, signal, station, `${naming.signal(signal)} ${t(`alarms.candidates.${used.kind}`)}`)}
          onClose={() => setUsed(undefined)}
          onStored={() => {}}
        />
      )}
    </Card>
  );
}

function CandidateTable({
  state: { candidates, signal },
  onUse,
}: {
  readonly state: Candidates;
  readonly onUse: (candidate: LimitCandidate) => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  if (candidates.length === 0) return <p className="dw-quiet">{t("alarms.candidates.none")}</p>;
  const entry = studio.signals.entry(signal);
  const limitText = ({ kind, limit }: LimitCandidate): string =>
    `${t(`alarms.candidates.${kind}`)} ${withUnit(numberText(limit, entry?.resolution), entry?.unit)}`;
  const columns: readonly Column<TriedCandidate>[] = [
    { title: t("alarms.candidates.limit"), cell: limitText },
    { title: t("alarms.candidates.quantile"), isNumber: true, cell: ({ percent }) => `${percent}\u202f%` },
    { title: t("alarms.candidates.inStretch"), isNumber: true, cell: ({ inStretch }) => inStretch },
    { title: t("alarms.candidates.inDays", { count: DAYS }), isNumber: true, cell: ({ inDays }) => inDays },
    {
      title: "",
      cell: (candidate) => (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t("alarms.candidates.useThis", { limit: limitText(candidate) })}
          onClick={() => onUse(candidate)}
        >
          {t("alarms.candidates.use")}
        </Button>
      ),
    },
  ];
  return <DataTable caption={t("alarms.candidates.title")} columns={columns} rows={candidates} keyOf={({ percent }) => String(percent)} />;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

function useCandidates(signal: string | undefined, stretch: Stretch) {
  const studio = useStudio();
  const { branch } = useStore(studio.address.store);
  const { time } = useScope();
  const { state, attempt } = useAttempt<Candidates>();
  const start = (): void => {
    if (signal === undefined) return;
    const now = time.instant();
    const days = { from: now - DAYS * DAY, to: now };
    attempt(async (abort) => ({ signal, candidates: await triedCandidates(studio, branch, signal, { stretch, days }, abort) }));
  };
  return { state, start };
}

/** The quantiles of the stretch as limits, each tested on the stretch and on the last days as one more rule; nothing is stored. */
async function triedCandidates(
  studio: Studio,
  branch: string,
  signal: string,
  { stretch, days }: { readonly stretch: Stretch; readonly days: Stretch },
  abort: AbortSignal,
): Promise<readonly TriedCandidate[]> {
  const call = { signal: abort };
  const trend = await studio.client.trend(signal, stretch.from, stretch.to, POINTS, { ...call, percentiles: ASKED_PERCENTS });
  const candidates = candidatesOf(trend, studio.signals.entry(signal)?.resolution);
  if (candidates.length === 0) return [];
  const rules = candidates.map((candidate) => ({ fields: triedRule(candidate, signal) }));
  const tried = async (span: Stretch): Promise<readonly number[]> => {
    const trial = await calls.tryRules(studio.client, { query: { branch }, body: { ...span, rules } }, call);
    return rules.map((_, at) => trial.rules.find(({ id }) => id.endsWith(`:tried-${at}`))?.would ?? 0);
  };
  const inStretch = await tried(stretch);
  const inDays = await tried(days);
  return candidates.map((candidate, at) => ({ ...candidate, inStretch: inStretch[at]!, inDays: inDays[at]! }));
}
