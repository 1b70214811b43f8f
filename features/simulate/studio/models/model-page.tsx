import { useState } from "react";
import type { ReactNode } from "react";
import type { ModelCard, ModelDetail } from "@doppelwerk/client";
import { Card, Failure, answerOf, useLoad, useWords } from "@doppelwerk/kit/studio";
import { DocumentsCard } from "./documents-card.tsx";
import { ModelRunCard } from "./model-run-card.tsx";
import { ModelRunForm } from "./model-run-form.tsx";
import { ModelRunList } from "./model-run-list.tsx";
import { PortsCard } from "./ports-card.tsx";
import { VersionsCard } from "./versions-card.tsx";
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
  const { t } = useWords();
  const model = useLoad(answerOf(simulate.readModel, { params: { hash }, query: { branch } }));
  const [started, setStarted] = useState(0);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const listed = useLoad(answerOf(simulate.listModelRuns, { params: { branch } }), {
    everyMs: (all) => (all?.some(({ state }) => state === "running") === true ? FOLLOW_MS : undefined),
    again: started,
  });
  const runs = (listed.value ?? []).filter((each) => each.model.hash === hash);
  if (model.kind === "failed") return <Failure message={model.message} code={model.code} onRetry={model.reload} />;
  if (model.value === undefined) return <p className="dw-quiet">{t("frame.loading")}</p>;
  const run = runs.find(({ id }) => id === chosen) ?? runs[0];
  return (
    <>
      <Card title={model.value.name} note={t("simulate.models.simulated")}>
        <ModelHead model={model.value} />
        <ModelRunForm
          model={model.value}
          branch={branch}
          onStarted={({ id }) => {
            setChosen(id);
            setStarted((count) => count + 1);
          }}
        />
      </Card>
      {run !== undefined && <ModelRunCard run={run} />}
      {runs.length > 1 && <ModelRunList runs={runs} shown={run?.id} onChoose={setChosen} />}
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
        <p className="dw-note is-trouble">{t("simulate.models.cannotRun", { why: model.runs.reason ?? model.runs.why })}</p>
      ) : (
        <p className="dw-quiet">
          {t(model.runs.kind === "wasm" ? "simulate.models.inSandbox" : "simulate.models.native", { platform: model.runs.platform })}
        </p>
      )}
    </div>
  );
}
