import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { CardPart, DataTable, numberText, useLoad, useStore, useStudio, useWords, withUnit } from "@doppelwerk/kit/studio";
import type { Column, TrendNotesProps } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import { draftOfCandidate, triedRule, type LimitCandidate } from "./limit-candidates.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { stationOfSignal } from "./station-of-signal.ts";
import { useNaming } from "./use-naming.ts";

type Drawn = NonNullable<TrendNotesProps["drawn"]>[number];

interface Tried extends Drawn {
  /** How often it would have been raised in the stretch shown; undefined until it is known. */
  readonly would?: number | undefined;
}

/** A hundredth of the limit: what comes back over it by chance is no new alarm. */
function candidateOf({ kind, at }: Drawn): LimitCandidate {
  return { kind, percent: kind === "high" ? 100 : 0, limit: at, deadband: Number((Math.abs(at) / 100).toPrecision(2)) };
}

/** Limits that somebody drew across a trend: each tested on the stretch that is shown, and a draft of a rule with it. */
export function DrawnLimits({ from, to, drawn = [] }: Pick<TrendNotesProps, "from" | "to" | "drawn">): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const naming = useNaming();
  const { branch } = useStore(studio.address.store);
  const [used, setUsed] = useState<Drawn>();
  // a live trend moves on all the time: asked again when it moved by a twentieth
  const step = Math.max(1, (to - from) / 20);
  const rules = drawn.map((limit) => ({ fields: triedRule(candidateOf(limit), limit.signal) }));
  const loaded = useLoad(
    rules.length === 0
      ? undefined
      : async (signal) => {
          const trial = await calls.tryRules(
            studio.client,
            { query: { branch }, body: { from: Math.floor(from), to: Math.ceil(to), rules } },
            { signal },
          );
          return rules.map((_, at) => trial.rules.find(({ id }) => id.endsWith(`:tried-${at}`))?.would ?? 0);
        },
    [branch, JSON.stringify(drawn), Math.round(from / step), Math.round(to / step)],
  );
  if (drawn.length === 0) return null;
  const textOf = ({ signal, kind, at }: Drawn): string =>
    `${naming.signal(signal)}: ${t(`alarms.candidates.${kind}`)} ${withUnit(numberText(at, studio.signals.entry(signal)?.resolution), studio.signals.entry(signal)?.unit)}`;
  const columns: readonly Column<Tried>[] = [
    { title: t("alarms.candidates.limit"), cell: textOf },
    { title: t("alarms.candidates.inStretch"), isNumber: true, cell: ({ would }) => would ?? "–" },
    {
      title: "",
      cell: (limit) => (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t("alarms.candidates.useThis", { limit: textOf(limit) })}
          onClick={() => setUsed(limit)}
        >
          {t("alarms.candidates.use")}
        </Button>
      ),
    },
  ];
  const rows = drawn.map((limit, at) => ({ ...limit, would: loaded.value?.[at] }));
  return (
    <CardPart title={t("alarms.candidates.drawn")}>
      <DataTable
        caption={t("alarms.candidates.drawn")}
        columns={columns}
        rows={rows}
        keyOf={({ signal, kind, at }) => `${signal} ${kind} ${at}`}
      />
      {loaded.kind === "failed" && <p className="dw-note">{loaded.message}</p>}
      {used !== undefined && (
        <RuleEditor
          rule={undefined}
          isNew
          start={draftOfCandidate(
            candidateOf(used),
            used.signal,
            stationOfSignal(studio, used.signal),
            `${naming.signal(used.signal)} ${t(`alarms.candidates.${used.kind}`)}`,
          )}
          onClose={() => setUsed(undefined)}
          onStored={() => {}}
        />
      )}
    </CardPart>
  );
}
