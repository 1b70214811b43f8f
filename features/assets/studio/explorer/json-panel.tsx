import type { ReactNode } from "react";
import { putConceptDescription, putElement, putShell, putSubmodel } from "@doppelwerk/client";
import type { AasApi, ElementPlace } from "@doppelwerk/client";
import { Failure, JsonEditor, Waiting, aasOf, messageText, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { JsonFault } from "@doppelwerk/kit/studio";
import { read, revisionOf } from "./aas-access.ts";
import { EditFoot } from "./edit-foot.tsx";
import { problemsOf, type Node, type Problem } from "./json-problems.ts";
import type { Recorded } from "./recorded.ts";
import { useChange } from "./use-change.ts";
import { useDocumentPath } from "./use-document-path.ts";
import { useDraft } from "./use-draft.ts";

/** A document or element as the JSON of the API, blobs and all; for those who know the metamodel, everything can be changed here. */
export function JsonPanel({
  apiPath,
  what,
  of,
}: {
  /** Below the base URL. */
  readonly apiPath: string;
  readonly what: string;
  /** Undefined for a concept description, which has no history of its own. */
  readonly of?: Recorded;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const { busy, change } = useChange();
  const { path, past } = useDocumentPath(apiPath, of !== undefined && "submodel" in of);
  const loaded = useLoad((signal) => read<Node>(aasOf(studio, branch), path, signal), [apiPath, branch], undefined, `${path} ${commits}`);
  const stored = loaded.value === undefined ? "" : JSON.stringify(loaded.value, undefined, 2);
  const draft = useDraft({ text: stored });
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const { text } = draft.shown;
  const problems = draft.isBegun ? problemsOf(text, loaded.value, t) : [];
  const since = revisionOf(loaded.value);
  const save = async (): Promise<void> => {
    const node = JSON.parse(text) as Node;
    const done = await change({
      reason: t("assets.explorer.changeOf", { what }),
      done: t("assets.explorer.saved", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      since,
      run: (api) => write(api, node, of),
    });
    if (done) draft.saved();
  };
  const isBlocked = problems.length > 0 || text === stored;
  return (
    <form
      className="dw-json-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <JsonEditor
        label={t("assets.explorer.tab.json")}
        hidesLabel
        rows={[6, 36]}
        readOnly={past}
        text={text}
        onText={(next) => draft.set({ text: next })}
        // what others wrote meanwhile is written over by the button that says so
        onSubmit={() => void (!isBlocked && !busy && draft.overtaken.length === 0 && save())}
        faults={problems.map(faultOf)}
      />
      {draft.isBegun && (
        <EditFoot
          busy={busy}
          problem={undefined}
          overtaken={draft.overtaken.length === 0 ? undefined : t("assets.explorer.otherText")}
          of={of}
          isBlocked={isBlocked}
          onForget={draft.forget}
        />
      )}
    </form>
  );
}

function faultOf({ path, constraint, message, reason }: Problem): JsonFault {
  return { path, text: `${constraint} ${messageText(message, reason)}`.trim() };
}

function write(api: AasApi, node: Node, of: Recorded | undefined): Promise<unknown> {
  if (node.modelType === "AssetAdministrationShell") return putShell(api, node);
  if (node.modelType === "Submodel") return putSubmodel(api, node);
  if (node.modelType === "ConceptDescription") return putConceptDescription(api, node);
  return putElement(api, of as ElementPlace, node);
}
