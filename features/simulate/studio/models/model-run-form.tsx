import { Button, NumberInput, Switch } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ModelDetail, ModelRunSummary } from "@doppelwerk/client";
import { useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import { bindingOf, emptyDraft, type PortDraft } from "./port-draft.ts";
import { PortBindings } from "./port-bindings.tsx";
import * as simulate from "../../calls.ts";

/** How a model is run: what its inputs and parameters take, its duration and step. */
export function ModelRunForm({
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
  const { busy, failure, run } = useTask();
  const start = async (): Promise<void> => {
    const request = {
      bindings: ports.flatMap((port) => bindingOf(port, drafts[port.name] ?? emptyDraft)),
      ...(typeof step === "number" ? { stepS: step } : {}),
      ...(typeof duration === "number" ? { durationS: duration } : {}),
      ...(keepState ? { keepState } : {}),
    };
    onStarted(await simulate.startModelRun(studio.client, { params: { branch, hash: model.hash }, body: request }));
  };
  return (
    <>
      {ports.length > 0 && (
        <PortBindings ports={ports} drafts={drafts} onChange={(name, draft) => setDrafts((all) => ({ ...all, [name]: draft }))} />
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
        <Button
          size="sm"
          leftSection={<IconPlayerPlay size={16} />}
          loading={busy}
          disabled={model.runs.kind === "none"}
          onClick={() => run(start)}
        >
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
