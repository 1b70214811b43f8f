import type { ReactNode } from "react";
import type { Finding } from "@doppelwerk/aas";
import { FindingText, useWords } from "@doppelwerk/kit/studio";
import { EditFoot } from "./edit-foot.tsx";
import type { Recorded } from "./recorded.ts";
import type { Drafting } from "./use-draft.ts";

type Draft = Pick<Drafting<Readonly<Record<string, unknown>>>, "key" | "isBegun" | "problem" | "overtaken" | "forget">;

/** A form over attributes of a document: its fields, and below them what is wrong, what others changed meanwhile, and the buttons. */
export function EditForm({
  draft,
  disabled,
  busy,
  finding,
  of,
  wordOf = (name) => name,
  onSave,
  children,
}: {
  readonly draft: Draft;
  readonly disabled: boolean;
  readonly busy: boolean;
  /** What the metamodel forbids of what is drafted. */
  readonly finding: Finding | undefined;
  /** Undefined for what has no history of its own. */
  readonly of: Recorded | undefined;
  /** What the form calls an attribute. */
  readonly wordOf?: (attribute: string) => string;
  readonly onSave: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const { t } = useWords();
  const overtaken = draft.overtaken.map(wordOf).map((name) => t.or(`assets.explorer.${name}`, name));
  return (
    <form
      key={draft.key}
      className="dw-attributes"
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <fieldset disabled={disabled} className="dw-plain">
        {children}
      </fieldset>
      {draft.isBegun && (
        <EditFoot
          busy={busy}
          problem={draft.problem ?? (finding && <FindingText finding={finding} />)}
          overtaken={overtaken.length === 0 ? undefined : overtaken.join(", ")}
          of={of}
          onForget={draft.forget}
        />
      )}
    </form>
  );
}
