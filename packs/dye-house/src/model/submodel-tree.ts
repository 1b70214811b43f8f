import type { ElementRecord, LocalText, ShellRecord, SubmodelRecord } from "@doppelwerk/kit";

/** The elements of one submodel, asked for by idShort. */
export class SubmodelTree {
  readonly #children: ReadonlyMap<string, readonly ElementRecord[]>;
  readonly #root: string;

  constructor(submodel: SubmodelRecord, elements: readonly ElementRecord[]) {
    this.#root = submodel.id;
    const children = new Map<string, ElementRecord[]>();
    for (const element of elements.toSorted((a, b) => (a.order < b.order ? -1 : 1)))
      children.set(element.parent, [...(children.get(element.parent) ?? []), element]);
    this.#children = children;
  }

  child(idShort: string, parent = this.#root): ElementRecord | undefined {
    return this.#children.get(parent)?.find((element) => element.idShort === idShort);
  }

  text(idShort: string, parent?: string): string | undefined {
    const value = this.child(idShort, parent)?.value;
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  number(idShort: string, parent?: string): number | undefined {
    const value = Number(this.text(idShort, parent) ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  }

  items(idShort: string): readonly ElementRecord[] {
    const list = this.child(idShort);
    return (list && this.#children.get(list.id)) ?? [];
  }

  title(idShort: string, other: string): LocalText {
    return textsOf(this.child(idShort)?.value, other);
  }
}

export function titleOfShell(shell: ShellRecord): LocalText {
  return textsOf(shell.body["displayName"], shell.idShort);
}

/** What is missing in one language falls back to the other, then to `other`. */
function textsOf(value: unknown, other: string): LocalText {
  const texts = Array.isArray(value) ? (value as readonly { readonly language?: string; readonly text?: string }[]) : [];
  const of = (language: string) => texts.find((text) => text.language?.toLowerCase().startsWith(language))?.text;
  const en = of("en") ?? of("zh") ?? other;
  return { en, zh: of("zh") ?? en };
}
