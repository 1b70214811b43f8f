import { useSyncExternalStore } from "react";
import type { Factor } from "@doppelwerk/client";
import { answerOf, inLanguage, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";

const MAX_FOUND = 30;
const MIN_LETTERS = 2;

/** What an experiment may vary on a branch. */
export interface Properties {
  /** Those that the line knows by name. */
  readonly known: readonly Factor[];
  readonly labelOf: (factor: Factor) => string;
  /** The document of a property, once it has arrived. */
  readonly record: (element: string) => Readonly<Record<string, unknown>> | undefined;
  /** Other properties whose short name holds the text, from two letters on; the list of all is too long. */
  readonly search: (text: string, taken: ReadonlySet<string>) => readonly { readonly value: string; readonly label: string }[];
}

export function useProperties(branch: string): Properties {
  const studio = useStudio();
  const { language } = useWords();
  const { line } = useScope();
  const known = useLoad(answerOf(simulate.listFactors, { params: { branch }, query: { line } })).value ?? [];
  const replica = studio.live.documents(branch, ["element"]);
  useSyncExternalStore(
    (listener) => replica.onChange(listener),
    () => replica.revision(),
  );
  return {
    known,
    labelOf: (factor) => [factor.station, inLanguage(factor.label, language)].filter(Boolean).join(" "),
    record: (element) => replica.get(element),
    search: (text, taken) => {
      const needle = text.trim().toLowerCase();
      if (needle.length < MIN_LETTERS) return [];
      return replica
        .query("element")
        .filter((record) => record["modelType"] === "Property" && record["signal"] === undefined && !taken.has(record.id))
        .filter((record) => !known.some(({ element }) => element === record.id))
        .filter((record) =>
          String(record["idShort"] ?? "")
            .toLowerCase()
            .includes(needle),
        )
        .slice(0, MAX_FOUND)
        .map((record) => ({ value: record.id, label: `${String(record["idShort"])} = ${String(record["value"] ?? "")}` }));
    },
  };
}
