import { Button, NumberInput, Switch } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlayerPlay } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ModelDetail, ModelRunSummary } from "@doppelwerk/client";
import { useFormTask, useStudio, useWords, Problem } from "@doppelwerk/kit/studio";
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
  const { stepS, stopS, startS = 0 } = model.experiment;
  const form = useForm({
    initialValues: {
      bindings: {} as Readonly<Record<string, PortDraft>>,
      stepS: (stepS ?? "") as number | string,
      durationS: (stopS === undefined ? "" : stopS - startS) as number | string,
      keepState: false,
    },
  });
  const { values } = form;
  const { busy, failure, code, run } = useFormTask(form);
  const start = async (): Promise<void> => {
    const request = {
      bindings: ports.flatMap((port) => bindingOf(port, values.bindings[port.name] ?? emptyDraft)),
      ...(typeof values.stepS === "number" ? { stepS: values.stepS } : {}),
      ...(typeof values.durationS === "number" ? { durationS: values.durationS } : {}),
      ...(values.keepState ? { keepState: true } : {}),
    };
    onStarted(await simulate.startModelRun(studio.client, { params: { branch, hash: model.hash }, body: request }));
  };
  return (
    <>
      {ports.length > 0 && (
        <PortBindings
          ports={ports}
          drafts={values.bindings}
          onChange={(name, draft) => form.setFieldValue("bindings", (all) => ({ ...all, [name]: draft }))}
        />
      )}
      <div className="dw-models-run">
        <NumberInput size="sm" label={t("simulate.models.duration")} suffix=" s" min={0} {...form.getInputProps("durationS")} />
        <NumberInput size="sm" label={t("simulate.models.step")} suffix=" s" min={0} decimalScale={6} {...form.getInputProps("stepS")} />
        {model.canFork && (
          <Switch size="sm" label={t("simulate.models.keepState")} {...form.getInputProps("keepState", { type: "checkbox" })} />
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
      {form.errors["bindings"] !== undefined && (
        <p className="dw-note is-trouble" role="alert">
          {form.errors["bindings"]}
        </p>
      )}
      {failure !== undefined && <Problem text={failure} code={code} />}
    </>
  );
}
