import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { validate } from "@doppelwerk/aas";
import type { ConceptDescription, Finding, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { putConceptDescription, putElement, putShell, putSubmodel } from "@doppelwerk/client";
import type { AasApi } from "@doppelwerk/client";
import { useStudio, useWords } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { useStore } from "../store.ts";
import { Failure, Waiting } from "../values/card.tsx";
import { aasOf, read } from "./aas-access.ts";
import { FindingText } from "./finding-text.tsx";
import { useChange } from "./use-change.ts";

type Node = Shell | Submodel | ConceptDescription | SubmodelElement;

/** Findings that are shown of a text that is being written. */
const MOST = 8;

/** A document or element as the JSON of the API, blobs and all; for who knows the metamodel, everything can be changed here. */
export function JsonPanel({
  apiPath,
  what,
  place,
  past,
}: {
  /** Below the base URL. */
  readonly apiPath: string;
  readonly what: string;
  /** Of an element. */
  readonly place?: { readonly submodel: string; readonly path: string };
  readonly past: boolean;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const commits = useStore(studio.commits);
  const { busy, change } = useChange();
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const loaded = useLoad((signal) => read<Node>(aasOf(studio, branch), apiPath, signal), [apiPath, branch, commits]);
  if (loaded.kind === "failed") return <Failure message={loaded.message} onRetry={loaded.reload} />;
  if (loaded.value === undefined) return <Waiting />;
  const stored = JSON.stringify(loaded.value, undefined, 2);
  const text = draft ?? stored;
  const problems = draft === undefined ? [] : problemsOf(draft, loaded.value);
  const save = async (): Promise<void> => {
    const node = JSON.parse(text) as Node;
    const done = await change({
      reason: t("explorer.changeOf", { what }),
      done: t("explorer.saved", { what }),
      failed: t("explorer.notSaved", { what }),
      run: (api) => write(api, node, place),
    });
    if (done) setDraft(undefined);
  };
  return (
    <form
      className="dw-json-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Textarea
        aria-label={t("explorer.tab.json")}
        className="dw-json-text"
        autosize
        minRows={6}
        maxRows={36}
        spellCheck={false}
        readOnly={past}
        value={text}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      {problems.length > 0 && (
        <ul className="dw-findings dw-note is-trouble" role="alert">
          {problems.map((problem) => (
            <li key={`${problem.path} ${problem.constraint} ${problem.message}`}>
              <code className="dw-breaks">{problem.path}</code> <small>{problem.constraint}</small> <FindingText finding={problem} />
            </li>
          ))}
        </ul>
      )}
      {draft !== undefined && (
        <div className="dw-edit-foot">
          <Button size="sm" variant="default" onClick={() => setDraft(undefined)}>
            {t("frame.cancel")}
          </Button>
          <Button size="sm" type="submit" loading={busy} disabled={problems.length > 0 || draft === stored}>
            {t("frame.save")}
          </Button>
        </div>
      )}
    </form>
  );
}

/** What stands against writing this text: that it is no JSON, that it is another thing, or what of the metamodel it breaks. */
type Problem = Pick<Finding, "path" | "constraint" | "message">;

function problemsOf(text: string, stored: Node): readonly Problem[] {
  let node: Node;
  try {
    node = JSON.parse(text) as Node;
  } catch (error) {
    return [{ path: "", constraint: "json", message: (error as Error).message }];
  }
  if (typeof node !== "object" || node === null) return [{ path: "", constraint: "", message: "{ … }" }];
  if (node.modelType !== stored.modelType) return [{ path: "modelType", constraint: "", message: `modelType ≠ ${stored.modelType}` }];
  if ("id" in stored && (node as { readonly id?: string }).id !== stored.id)
    return [{ path: "id", constraint: "", message: `id ≠ ${stored.id}` }];
  return validate(node)
    .filter(({ severity }) => severity === "error")
    .slice(0, MOST);
}

function write(api: AasApi, node: Node, place: { readonly submodel: string; readonly path: string } | undefined): Promise<unknown> {
  if (node.modelType === "AssetAdministrationShell") return putShell(api, node);
  if (node.modelType === "Submodel") return putSubmodel(api, node);
  if (node.modelType === "ConceptDescription") return putConceptDescription(api, node);
  return putElement(api, place!, node);
}
