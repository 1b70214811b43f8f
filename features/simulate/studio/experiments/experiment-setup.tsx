import { ActionIcon, Button, NumberInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconPlayerPlay, IconX } from "@tabler/icons-react";
import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentSummary, Factor } from "@doppelwerk/client";
import { Card, errorText, inLanguage, unitText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import { fractionsOf, levelsOf, pointCount, requestOf } from "./experiment-draft.ts";
import type { ExperimentDraft } from "./experiment-draft.ts";
import { betterOfKpi, experimentKpis, unitOfKpi } from "./experiment-words.ts";
import * as simulate from "../../calls.ts";

const FRESH: ExperimentDraft = {
  name: "",
  kpi: "throughput",
  goal: "maximise",
  kind: "study",
  shifts: 5,
  seed: 1,
  factors: [],
  design: "full",
  cubePoints: 20,
  stop: "count",
  count: 20,
  percent: 1,
  indifference: 3,
};

/** A new experiment: what is varied, by which design, how often, and what is looked at. Nothing is written to the branch. */
export function ExperimentSetup({
  branch,
  onStarted,
}: {
  readonly branch: string;
  readonly onStarted: (summary: ExperimentSummary) => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [draft, setDraft] = useState(FRESH);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const set = (change: Partial<ExperimentDraft>): void => setDraft((held) => ({ ...held, ...change }));
  const points = pointCount(draft);
  const request = requestOf(draft);
  const start = (): void => {
    if (request === undefined) return;
    setBusy(true);
    setFailure(undefined);
    simulate
      .startExperiment(studio.client, { params: { branch }, body: request })
      .then(onStarted)
      .catch((error: unknown) => setFailure(errorText(error)))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Card title={t("simulate.experiments.whatVaries")} note={t("simulate.experiments.whatVariesNote")}>
        <FactorRows branch={branch} draft={draft} set={set} />
      </Card>
      <Card title={t("simulate.experiments.how")} note={points === undefined ? "" : t("simulate.experiments.points", { count: points })}>
        <div className="dw-experiment-form">
          <DesignChoice draft={draft} set={set} />
          <StopChoice draft={draft} set={set} />
          <Select
            size="sm"
            label={t("simulate.experiments.kpi")}
            value={draft.kpi}
            allowDeselect={false}
            onChange={(kpi) => set({ kpi: kpi as ExperimentKpi, goal: betterOfKpi(kpi as ExperimentKpi) > 0 ? "maximise" : "minimise" })}
            data={experimentKpis.map((kpi) => ({ value: kpi, label: t(`kpi.${kpi}`) }))}
          />
          <div>
            <span className="dw-experiment-label">{t("simulate.experiments.start")}</span>
            <SegmentedControl
              size="sm"
              fullWidth
              value={draft.kind}
              onChange={(kind) => set({ kind: kind as ExperimentDraft["kind"] })}
              data={[
                { value: "study", label: t("simulate.decide.study") },
                { value: "forecast", label: t("simulate.decide.forecast") },
              ]}
            />
          </div>
          {draft.kind === "study" && (
            <NumberInput
              size="sm"
              label={t("simulate.experiments.shifts")}
              value={draft.shifts}
              min={1}
              max={60}
              onChange={(value) => set({ shifts: Number(value) || 1 })}
            />
          )}
          <NumberInput
            size="sm"
            label={t("simulate.decide.seed")}
            value={draft.seed}
            min={0}
            allowDecimal={false}
            onChange={(value) => set({ seed: Number(value) || 0 })}
          />
          <TextInput
            size="sm"
            label={t("simulate.experiments.name")}
            value={draft.name}
            placeholder={t("simulate.experiments.namePlaceholder")}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        </div>
        <div className="dw-buttons">
          <Button size="sm" leftSection={<IconPlayerPlay size={15} />} loading={busy} disabled={request === undefined} onClick={start}>
            {t("simulate.experiments.run")}
          </Button>
          <span className="dw-quiet-text">
            {points === undefined
              ? t("simulate.experiments.needsLevels")
              : t(draft.stop === "count" ? "simulate.experiments.effort" : "simulate.experiments.effortMost", {
                  points,
                  each: draft.count,
                  total: points * draft.count,
                })}
          </span>
        </div>
        {failure !== undefined && (
          <p className="dw-note is-trouble" role="alert">
            {failure}
          </p>
        )}
      </Card>
    </>
  );
}

interface PartProps {
  readonly draft: ExperimentDraft;
  readonly set: (change: Partial<ExperimentDraft>) => void;
}

/** Properties of documents and their levels: those that the line knows by name, and any other property of the branch. */
function FactorRows({ branch, draft, set }: PartProps & { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const known = useLoad((signal) => simulate.listFactors(studio.client, { params: { branch } }, { signal }), [branch]).value ?? [];
  const replica = studio.live.documents(branch, ["element"]);
  useSyncExternalStore(
    (listener) => replica.onChange(listener),
    () => replica.revision(),
  );
  const [search, setSearch] = useState("");
  const taken = new Set(draft.factors.map(({ element }) => element));
  const labelOf = (factor: Factor): string => [factor.station, inLanguage(factor.label, language)].filter(Boolean).join(" ");
  const named = known.filter(({ element }) => !taken.has(element)).map((factor) => ({ value: factor.element, label: labelOf(factor) }));
  // the rest is long: only what was looked for, and only from two letters on
  const needle = search.trim().toLowerCase();
  const others =
    needle.length < 2
      ? []
      : replica
          .query("element")
          .filter((record) => record["modelType"] === "Property" && record["signal"] === undefined && !taken.has(record.id))
          .filter((record) => !known.some(({ element }) => element === record.id))
          .filter((record) =>
            String(record["idShort"] ?? "")
              .toLowerCase()
              .includes(needle),
          )
          .slice(0, 30)
          .map((record) => ({ value: record.id, label: `${String(record["idShort"])} = ${String(record["value"] ?? "")}` }));
  const add = (element: string | null): void => {
    if (element === null) return;
    const factor = known.find((candidate) => candidate.element === element);
    set({ factors: [...draft.factors, { element, levels: factor === undefined ? "" : proposedLevels(factor) }], design: "full" });
    setSearch("");
  };
  return (
    <div className="dw-experiment-factors">
      {draft.factors.map(({ element, levels }, index) => {
        const factor = known.find((candidate) => candidate.element === element);
        const record = replica.get(element);
        const name = factor === undefined ? String(record?.["idShort"] ?? element) : labelOf(factor);
        const asIs =
          factor === undefined
            ? String(record?.["value"] ?? "")
            : `${factor.value}${factor.unit === "1" ? "" : ` ${unitText(factor.unit)}`}`;
        return (
          <div key={element} className="dw-experiment-factor">
            <span>
              <i className="dw-letter">{String.fromCharCode(65 + index)}</i> {name}
              <small>{t("simulate.experiments.now", { value: asIs })}</small>
            </span>
            <TextInput
              size="xs"
              aria-label={t("simulate.experiments.levelsOf", { name })}
              placeholder="5, 6, 7"
              value={levels}
              error={levels !== "" && levelsOf(levels) === undefined}
              onChange={(event) => {
                const text = event.currentTarget.value;
                set({ factors: draft.factors.map((each, at) => (at === index ? { ...each, levels: text } : each)) });
              }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("simulate.experiments.leaveOut", { name })}
              onClick={() => set({ factors: draft.factors.filter((_, at) => at !== index), design: "full" })}
            >
              <IconX size={15} />
            </ActionIcon>
          </div>
        );
      })}
      <Select
        size="sm"
        searchable
        value={null}
        searchValue={search}
        onSearchChange={setSearch}
        onChange={add}
        placeholder={t("simulate.experiments.addFactor")}
        aria-label={t("simulate.experiments.addFactor")}
        nothingFoundMessage={t("simulate.experiments.noProperty")}
        maxDropdownHeight={320}
        data={[
          { group: t("simulate.experiments.ofLine"), items: named },
          ...(others.length === 0 ? [] : [{ group: t("simulate.experiments.otherProperties"), items: others }]),
        ]}
      />
    </div>
  );
}

/** Two levels about what stands there, for a start. */
function proposedLevels({ value, step, min, max }: Factor): string {
  const by = Number.isInteger(value) && step >= 1 ? 1 : Math.max(step, Number((value * 0.1).toPrecision(1)));
  const round = (level: number): number => Number(level.toPrecision(6));
  return [...new Set([Math.max(min, round(value - by)), value, Math.min(max, round(value + by))])].join(", ");
}

function DesignChoice({ draft, set }: PartProps): ReactNode {
  const { t } = useWords();
  const fractions = fractionsOf(draft.factors.length);
  return (
    <>
      <Select
        size="sm"
        label={t("simulate.experiments.design")}
        value={draft.design}
        allowDeselect={false}
        onChange={(design) => set({ design: design ?? "full" })}
        data={[
          { value: "full", label: t("simulate.experiments.full") },
          ...fractions.map(({ generators, points, resolution }) => ({
            value: generators,
            label: t("simulate.experiments.fraction", { points, resolution }),
          })),
          { value: "cube", label: t("simulate.experiments.cube") },
        ]}
      />
      {draft.design === "cube" && (
        <NumberInput
          size="sm"
          label={t("simulate.experiments.cubePoints")}
          value={draft.cubePoints}
          min={2}
          max={512}
          onChange={(value) => set({ cubePoints: Math.max(2, Number(value) || 2) })}
        />
      )}
    </>
  );
}

function StopChoice({ draft, set }: PartProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      <Select
        size="sm"
        label={t("simulate.experiments.stop")}
        value={draft.stop}
        allowDeselect={false}
        onChange={(stop) => {
          const chosen = stop as ExperimentDraft["stop"];
          set({ stop: chosen, count: chosen === "count" ? 20 : 200 });
        }}
        data={(["count", "precise", "select"] as const).map((value) => ({ value, label: t(`simulate.experiments.stops.${value}`) }))}
      />
      {draft.stop === "precise" && (
        <NumberInput
          size="sm"
          label={t("simulate.experiments.halfWidth")}
          value={draft.percent}
          min={0.1}
          max={50}
          step={0.1}
          suffix={"\u202f%"}
          onChange={(value) => set({ percent: Number(value) || 1 })}
        />
      )}
      {draft.stop === "select" && (
        <NumberInput
          size="sm"
          label={t("simulate.experiments.indifference")}
          value={draft.indifference}
          min={0.01}
          step={1}
          suffix={`\u202f${unitOfKpi(draft.kpi, t)}`}
          onChange={(value) => set({ indifference: Number(value) || 1 })}
        />
      )}
      <NumberInput
        size="sm"
        label={t(draft.stop === "count" ? "simulate.experiments.each" : "simulate.experiments.eachMost")}
        value={draft.count}
        min={3}
        max={10_000}
        onChange={(value) => set({ count: Math.max(3, Number(value) || 3) })}
      />
    </>
  );
}
