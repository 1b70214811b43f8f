import type { ModelBinding, ModelPort } from "@doppelwerk/client";

/** What a person has filled in for one port. */
export interface PortDraft {
  readonly kind: "value" | "signal" | "property";
  readonly value: string;
  readonly signal: string;
  /** AAS id of the submodel, `#`, idShort path. */
  readonly property: string;
}

export const emptyDraft: PortDraft = { kind: "value", value: "", signal: "", property: "" };

/** The binding of a port, none where nothing was filled in: the model then takes its own start value. Text goes as it is; the server knows the type. */
export function bindingOf({ name }: Pick<ModelPort, "name">, draft: PortDraft): readonly ModelBinding[] {
  if (draft.kind === "signal") return draft.signal === "" ? [] : [{ variable: name, signal: draft.signal }];
  if (draft.kind === "value") return draft.value.trim() === "" ? [] : [{ variable: name, value: draft.value.trim() }];
  const text = draft.property.trim();
  if (text === "") return [];
  const hash = text.lastIndexOf("#");
  return [{ variable: name, property: { submodel: text.slice(0, Math.max(0, hash)), path: text.slice(hash + 1) } }];
}
