import { Button, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { IconPlayerPlay, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ModelBinding, ModelCard, ModelDetail, ModelPort, ModelRunSummary } from "@doppelwerk/client";
import { Card, Failure, errorText, messageText, momentText, useLoad, useStudio, useWords, withUnit } from "@doppelwerk/kit/studio";
import { DocumentsCard, PortsCard, VersionsCard } from "./model-facts.tsx";
import { bindingOf, emptyDraft, type PortDraft } from "./port-draft.ts";
import { SeriesChart } from "./series-chart.tsx";
import * as simulate from "../../calls.ts";

const FOLLOW_MS = 500;

/** One model of a branch: its ports with what they are bound to, how it is run and what it gave, its versions and documents. */
export function ModelPage({
  branch,
  hash,
  versions,
}: {
  readonly branch: string;
  readonly hash: string;
  /** Those of the library that are of the same model, this one too. */
  readonly versions: readonly ModelCard[];
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const model = useLoad(
    (signal) => simulate.readModel(studio.client, { params: { hash }, query: { branch: branch } }, { signal }),
    [branch, hash],
  );
  const [started, setStarted] = useState(0);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [following, setFollowing] = useState(true);
  const runs = useLoad(
    async (signal) => {
      const all = (await simulate.listModelRuns(studio.client, { params: { branch } }, { signal })).filter(
        (run) => run.model.hash === hash,
      );
      setFollowing(all.some(({ state }) => state === "running"));
      return all;
    },
    [branch, hash, started],
    following ? FOLLOW_MS : undefined,
  );
  if (model.kind === "failed") return <Failure message={model.message} onRetry={model.reload} />;
  if (model.value === undefined) return <p className="dw-quiet">{t("frame.loading")}</p>;
  const run = runs.value?.find(({ id }) => id === chosen) ?? runs.value?.[0];
  return (
    <>
      <Card title={model.value.name} note={t("simulate.models.simulated")}>
        <ModelHead model={model.value} />
        <RunForm
          model={model.value}
          branch={branch}
          onStarted={({ id }) => {
            setChosen(id);
            setFollowing(true);
            setStarted((count) => count + 1);
          }}
        />
      </Card>
      {run !== undefined && <RunCard run={run} />}
      {(runs.value?.length ?? 0) > 1 && <RunList runs={runs.value!} shown={run?.id} onChoose={setChosen} />}
      <PortsCard model={model.value} />
      <VersionsCard branch={branch} model={model.value} versions={versions} />
      <DocumentsCard model={model.value} />
    </>
  );
}

function ModelHead({ model }: { readonly model: ModelDetail }): ReactNode {
  const { t } = useWords();
  const facts = [model.standard, t("simulate.models.version", { version: model.version }), model.shellName, model.fileName];
  return (
    <div className="dw-model-head">
      {model.description !== model.name && <p>{model.description}</p>}
      <p className="dw-quiet">{facts.join(" · ")}</p>
      {model.runs.kind === "none" ? (
        <p className="dw-note is-trouble">{t("simulate.models.cannotRun", { why: model.runs.why })}</p>
      ) : (
        <p className="dw-quiet">
          {t(model.runs.kind === "wasm" ? "simulate.models.inSandbox" : "simulate.models.native", { platform: model.runs.platform })}
        </p>
      )}
    </div>
  );
}

function RunForm({
  model,
  branch,
  onStarted,
}: {
  readonly model: ModelDetail;
  readonly branch: string;
  readonly onStarted: (run: ModelRunSummary) => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const ports = model.ports.filter(({ causality, type }) => (causality === "input" || causality === "parameter") && type !== "Binary");
  const [drafts, setDrafts] = useState<Readonly<Record<string, PortDraft>>>({});
  const { stepS, stopS, startS = 0 } = model.experiment;
  const [step, setStep] = useState<number | string>(stepS ?? "");
  const [duration, setDuration] = useState<number | string>(stopS === undefined ? "" : stopS - startS);
  const [keepState, setKeepState] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const run = (): void => {
    setBusy(true);
    setFailure(undefined);
    void (async () => {
      try {
        const bindings = ports.flatMap((port): readonly ModelBinding[] => bindingOf(port, drafts[port.name] ?? emptyDraft));
        const request = {
          bindings,
          ...(typeof step === "number" ? { stepS: step } : {}),
          ...(typeof duration === "number" ? { durationS: duration } : {}),
          ...(keepState ? { keepState } : {}),
        };
        onStarted(await simulate.startModelRun(studio.client, { params: { branch, hash: model.hash }, body: request }));
      } catch (error) {
        setFailure(errorText(error));
      }
      setBusy(false);
    })();
  };
  return (
    <>
      {ports.length > 0 && (
        <div className="dw-scroll">
          <table className="dw-kpis dw-ports">
            <thead>
              <tr>
                <th>{t("simulate.models.port")}</th>
                <th>{t("simulate.models.takes")}</th>
                <th>{t("simulate.models.value")}</th>
              </tr>
            </thead>
            <tbody>
              {ports.map((port) => (
                <PortRow
                  key={port.name}
                  port={port}
                  draft={drafts[port.name] ?? emptyDraft}
                  onChange={(draft) => setDrafts((all) => ({ ...all, [port.name]: draft }))}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="dw-models-run">
        <NumberInput size="sm" label={t("simulate.models.duration")} suffix=" s" min={0} value={duration} onChange={setDuration} />
        <NumberInput size="sm" label={t("simulate.models.step")} suffix=" s" min={0} decimalScale={6} value={step} onChange={setStep} />
        {model.canFork && (
          <Switch
            size="sm"
            label={t("simulate.models.keepState")}
            checked={keepState}
            onChange={(event) => setKeepState(event.currentTarget.checked)}
          />
        )}
        <Button size="sm" leftSection={<IconPlayerPlay size={16} />} loading={busy} disabled={model.runs.kind === "none"} onClick={run}>
          {t("simulate.models.run")}
        </Button>
      </div>
      {failure !== undefined && (
        <p className="dw-note is-trouble" role="alert">
          {failure}
        </p>
      )}
    </>
  );
}

function PortRow({
  port,
  draft,
  onChange,
}: {
  readonly port: ModelPort;
  readonly draft: PortDraft;
  readonly onChange: (draft: PortDraft) => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const kinds = port.causality === "input" ? (["value", "signal", "property"] as const) : (["value", "property"] as const);
  const signals = studio.signals
    .entries()
    .filter(({ valueType }) => valueType !== "string" && valueType !== "enumeration")
    .map(({ id, name, unit }) => ({ value: id, label: withUnit(name, unit) }));
  return (
    <tr>
      <td>
        <b>{port.name}</b>
        <small>
          {port.type}
          {port.size > 1 && ` × ${port.size}`}
          {port.unit !== undefined && ` · ${port.unit}`} ·{" "}
          {t(`simulate.models.causality.${port.causality === "input" ? "input" : "parameter"}`)}
        </small>
      </td>
      <td>
        <Select
          size="xs"
          aria-label={t("simulate.models.takesOf", { name: port.name })}
          allowDeselect={false}
          data={kinds.map((kind) => ({ value: kind, label: t(`simulate.models.from.${kind}`) }))}
          value={draft.kind}
          onChange={(kind) => onChange({ ...draft, kind: kind as PortDraft["kind"] })}
        />
      </td>
      <td>
        {draft.kind === "value" && (
          <TextInput
            size="xs"
            aria-label={t("simulate.models.valueOf", { name: port.name })}
            placeholder={port.start ?? ""}
            value={draft.value}
            onChange={(event) => onChange({ ...draft, value: event.currentTarget.value })}
          />
        )}
        {draft.kind === "signal" && (
          <Select
            size="xs"
            searchable
            limit={50}
            aria-label={t("simulate.models.signalOf", { name: port.name })}
            placeholder={t("simulate.models.chooseSignal")}
            data={signals}
            value={draft.signal === "" ? null : draft.signal}
            onChange={(signal) => onChange({ ...draft, signal: signal ?? "" })}
          />
        )}
        {draft.kind === "property" && (
          <TextInput
            size="xs"
            aria-label={t("simulate.models.propertyOf", { name: port.name })}
            placeholder="urn:…#Technical.Mass"
            value={draft.property}
            onChange={(event) => onChange({ ...draft, property: event.currentTarget.value })}
          />
        )}
      </td>
    </tr>
  );
}

function RunCard({ run }: { readonly run: ModelRunSummary }): ReactNode {
  const studio = useStudio();
  const { t, zone, language } = useWords();
  const result = useLoad((signal) => simulate.readModelRun(studio.client, { params: { id: run.id } }, { signal }), [run.id, run.state]);
  const shown = result.value;
  return (
    <Card
      title={t("simulate.models.result")}
      note={`${t(`simulate.models.state.${run.state}`)} · ${t("simulate.models.from.instant", { moment: momentText(run.from, zone, language) })}`}
    >
      {run.state === "running" && (
        <div className="dw-models-run">
          <p className="dw-quiet">{t("simulate.models.running")}</p>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconX size={14} />}
            onClick={() => void simulate.cancelModelRun(studio.client, { params: { id: run.id } })}
          >
            {t("simulate.models.cancel")}
          </Button>
        </div>
      )}
      {run.message !== undefined && <p className="dw-note is-trouble">{messageText(run.message, run.reason)}</p>}
      {shown !== undefined && shown.series.length > 0 && <SeriesChart result={shown} />}
      {shown !== undefined && run.state === "done" && (
        <div className="dw-model-facts">
          {shown.endedByModelAtS !== undefined && <p>{t("simulate.models.ended", { seconds: shown.endedByModelAtS })}</p>}
          {shown.eventsS.length > 0 && <p>{t("simulate.models.events", { count: shown.eventsS.length })}</p>}
          {Object.entries(shown.texts).map(([name, text]) => (
            <p key={name}>
              {name}: {text}
            </p>
          ))}
          {shown.inputs
            .filter(({ held }) => held > 0)
            .map(({ variable, held }) => (
              <p key={variable}>{t("simulate.models.held", { name: variable, count: held })}</p>
            ))}
          <p className="dw-quiet">{t("simulate.models.trace", { steps: shown.steps, hash: run.traceHash ?? "" })}</p>
        </div>
      )}
    </Card>
  );
}

function RunList({
  runs,
  shown,
  onChoose,
}: {
  readonly runs: readonly ModelRunSummary[];
  readonly shown: string | undefined;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  const { t, zone, language } = useWords();
  return (
    <Card title={t("simulate.models.runs")}>
      <div className="dw-models-list">
        {runs.slice(0, 30).map((run) => (
          <button
            type="button"
            key={run.id}
            className={`dw-model ${run.id === shown ? "is-on" : ""}`}
            aria-current={run.id === shown}
            onClick={() => onChoose(run.id)}
          >
            <b>{momentText(run.startedAt, zone, language)}</b>
            <small>
              {t(`simulate.models.state.${run.state}`)} · {run.durationS} s / {run.stepS} s
            </small>
          </button>
        ))}
      </div>
    </Card>
  );
}
