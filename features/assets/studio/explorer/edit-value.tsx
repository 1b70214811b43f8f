import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { parseValueText, valueOf, writeValueText } from "@doppelwerk/aas";
import type { ValueOnly } from "@doppelwerk/aas";
import { writeValue } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { EditFoot } from "./edit-foot.tsx";
import { ValueEditor } from "./editors.tsx";
import type { Editable } from "./editors.tsx";
import type { ElementPlace } from "./element-place.ts";
import { useChange } from "./use-change.ts";
import { useDraft } from "./use-draft.ts";
import { valueLine } from "./value-text.ts";

/** The editor of a value; `values` are those that its concept allows. */
export function EditValue({
  element,
  place,
  values,
  revision,
}: {
  readonly element: Editable;
  readonly place: ElementPlace;
  readonly values: readonly string[];
  readonly revision: number | undefined;
}): ReactNode {
  const { t, language } = useWords();
  const { busy, change } = useChange();
  // what is being written stays until it is saved or dropped, also when someone else changes the element
  const draft = useDraft<{ readonly element: Editable; readonly value: string | undefined }>({
    element,
    value: textOfValue(valueOf(element)),
  });
  const [reason, setReason] = useState("");
  const save = async (): Promise<void> => {
    const { value } = draft.next;
    if (value === undefined || draft.problem !== undefined) return;
    const what = element.idShort ?? place.path;
    const done = await change({
      reason: reason.trim() === "" ? t("assets.explorer.changeOf", { what: place.path }) : reason.trim(),
      done: t("assets.explorer.saved", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      since: revision,
      run: (api) => writeValue(api, { submodel: place.submodel, path: place.path }, parseValueText(value)),
    });
    if (!done) return;
    draft.saved();
    setReason("");
  };
  return (
    <form
      className="dw-edit"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <ValueEditor
        key={draft.key}
        element={draft.shown.element}
        values={values}
        onChange={({ value, problem }) => draft.set({ value: textOfValue(value) }, problem)}
      />
      {draft.isBegun && (
        <EditFoot
          busy={busy}
          problem={undefined}
          isBlocked={draft.problem !== undefined}
          overtaken={draft.overtaken.length === 0 ? undefined : valueLine(element, language)}
          of={{ submodel: place.submodel, path: place.path }}
          onForget={draft.forget}
        >
          <Reason text={reason} path={place.path} onText={setReason} />
        </EditFoot>
      )}
    </form>
  );
}

function Reason({
  text,
  path,
  onText,
}: {
  readonly text: string;
  readonly path: string;
  readonly onText: (text: string) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <TextInput
      size="sm"
      className="dw-grow"
      label={t("assets.explorer.reason")}
      placeholder={t("assets.explorer.changeOf", { what: path })}
      value={text}
      maxLength={300}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  );
}

/** The value-only form as text: its numbers, digit by digit, can be compared with others. */
function textOfValue(value: ValueOnly | undefined): string | undefined {
  return value === undefined ? undefined : writeValueText(value);
}
