import { ActionIcon, Select, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { unitText, useWords } from "@doppelwerk/kit/studio";
import type { DraftPartProps } from "./draft-part.ts";
import { levelsOf, proposedLevels } from "./experiment-draft.ts";
import { useProperties, type Properties } from "./use-properties.ts";

/** Properties of documents and their levels: those that the line knows by name, and any other property of the branch. */
export function FactorRows({ branch, draft, set }: DraftPartProps & { readonly branch: string }): ReactNode {
  const properties = useProperties(branch);
  const add = (element: string): void => {
    const factor = properties.known.find((candidate) => candidate.element === element);
    set({ factors: [...draft.factors, { element, levels: factor === undefined ? "" : proposedLevels(factor) }], design: "full" });
  };
  return (
    <div className="dw-experiment-factors">
      {draft.factors.map(({ element, levels }, index) => (
        <FactorRow
          key={element}
          letter={String.fromCharCode(65 + index)}
          {...asIsOf(properties, element)}
          levels={levels}
          onLevels={(text) => set({ factors: draft.factors.map((each, at) => (at === index ? { ...each, levels: text } : each)) })}
          onRemove={() => set({ factors: draft.factors.filter((_, at) => at !== index), design: "full" })}
        />
      ))}
      <PropertySelect properties={properties} taken={new Set(draft.factors.map(({ element }) => element))} onAdd={add} />
    </div>
  );
}

/** The name of a property, and its value on the branch. */
function asIsOf({ known, labelOf, record }: Properties, element: string): { readonly name: string; readonly asIs: string } {
  const factor = known.find((candidate) => candidate.element === element);
  if (factor === undefined) {
    const held = record(element);
    return { name: String(held?.["idShort"] ?? element), asIs: String(held?.["value"] ?? "") };
  }
  return { name: labelOf(factor), asIs: `${factor.value}${factor.unit === "1" ? "" : ` ${unitText(factor.unit)}`}` };
}

function FactorRow({
  letter,
  name,
  asIs,
  levels,
  onLevels,
  onRemove,
}: {
  /** By which designs name it. */
  readonly letter: string;
  readonly name: string;
  readonly asIs: string;
  readonly levels: string;
  readonly onLevels: (levels: string) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-experiment-factor">
      <span>
        <i className="dw-letter">{letter}</i> {name}
        <small>{t("simulate.experiments.now", { value: asIs })}</small>
      </span>
      <TextInput
        size="xs"
        aria-label={t("simulate.experiments.levelsOf", { name })}
        placeholder="5, 6, 7"
        value={levels}
        error={levels !== "" && levelsOf(levels) === undefined}
        onChange={(event) => onLevels(event.currentTarget.value)}
      />
      <ActionIcon variant="subtle" color="gray" aria-label={t("simulate.experiments.leaveOut", { name })} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}

/** Adds a property that is not among the factors yet. */
function PropertySelect({
  properties: { known, labelOf, search },
  taken,
  onAdd,
}: {
  readonly properties: Properties;
  readonly taken: ReadonlySet<string>;
  readonly onAdd: (element: string) => void;
}): ReactNode {
  const { t } = useWords();
  const [text, setText] = useState("");
  const named = known.filter(({ element }) => !taken.has(element)).map((factor) => ({ value: factor.element, label: labelOf(factor) }));
  const others = search(text, taken);
  return (
    <Select
      size="sm"
      searchable
      value={null}
      searchValue={text}
      onSearchChange={setText}
      onChange={(element) => {
        if (element === null) return;
        onAdd(element);
        setText("");
      }}
      placeholder={t("simulate.experiments.addFactor")}
      aria-label={t("simulate.experiments.addFactor")}
      nothingFoundMessage={t("simulate.experiments.noProperty")}
      maxDropdownHeight={320}
      data={[
        { group: t("simulate.experiments.ofLine"), items: named },
        ...(others.length === 0 ? [] : [{ group: t("simulate.experiments.otherProperties"), items: [...others] }]),
      ]}
    />
  );
}
